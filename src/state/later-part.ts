// A part of the page that the first look does without.
import { type Accessor, createSignal } from 'solid-js'

export interface LaterPart<Part> {
  /** Null: not loaded yet. */
  part: Accessor<Part | null>
  /** Resolves once it is there; rejects when it could not be loaded, and the next call tries anew. */
  load(): Promise<void>
}

/** One that `load` brings, at most once. */
export function createLaterPart<Part>(load: () => Promise<Part>): LaterPart<Part> {
  const [part, setPart] = createSignal<Part | null>(null)
  return {
    part,
    async load() {
      if (part() === null) {
        const loaded = await load()
        setPart(() => loaded)
      }
    },
  }
}
