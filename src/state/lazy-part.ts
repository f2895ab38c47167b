// A part of the page that is loaded after the first paint.
import { type Accessor, createSignal } from 'solid-js'

export interface LazyPart<Part> {
  /** Null: not loaded yet. */
  part: Accessor<Part | null>
  /** Resolves once the part is loaded; rejects if loading fails, and the next call retries. */
  load(): Promise<void>
}

/** Loads the part at most once. */
export function createLazyPart<Part>(load: () => Promise<Part>): LazyPart<Part> {
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
