// Something asked again and again while it is looked at.
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { CallError } from '../client/backend.ts'

export interface Polled<Answer> {
  /** The last answer for the present key; it stays while a later question fails. */
  data: Accessor<Answer | undefined>
  /** While `data` is from an earlier visit: when it was answered, epoch ms. */
  rememberedAtMs: Accessor<number | null>
  /** Why the last question failed; null: it did not. */
  error: Accessor<CallError | null>
  /** Asks now. */
  refresh(): void
}

export interface PolledInput<Answer> {
  /** What is asked about; another key starts anew. Null: nothing is asked. */
  key: Accessor<string | null>
  /** False: nobody looks, and nothing is asked until somebody does. */
  isActive: Accessor<boolean>
  everyMs: number
  ask: (key: string, signal: AbortSignal) => Promise<Answer>
  /** Each change of it asks anew at once. */
  changes?: Accessor<unknown>
  /** Answers of earlier visits, shown at once until the new one is there. */
  memory?: Map<string, Remembered<Answer>>
}

export interface Remembered<Answer> {
  answer: Answer
  /** Epoch ms. */
  atMs: number
}

/** Asks at once, then `everyMs` after each answer; never two questions at a time. */
export function createPolled<Answer>({
  key,
  isActive,
  everyMs,
  ask,
  changes,
  memory,
}: PolledInput<Answer>): Polled<Answer> {
  const [data, setData] = createSignal<Answer | undefined>(undefined, {
    // The same answer again draws nothing again.
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const [rememberedAtMs, setRememberedAtMs] = createSignal<number | null>(null)
  const [error, setError] = createSignal<CallError | null>(null)
  const [round, setRound] = createSignal(0)

  // What they are read from changes far more often than they do.
  const subject = createMemo(key)
  const isAsking = createMemo(isActive)
  const change = createMemo(() => changes?.())

  createEffect(
    on(subject, (about) => {
      const known = about === null ? undefined : memory?.get(about)
      setData(() => known?.answer)
      setRememberedAtMs(known?.atMs ?? null)
      setError(null)
    }),
  )
  createEffect(
    on([subject, isAsking, round, change], ([about, asks]) => {
      if (about === null || !asks) return
      const aborter = new AbortController()
      let timer: ReturnType<typeof setTimeout> | undefined
      const next = async (): Promise<void> => {
        try {
          const answer = await ask(about, aborter.signal)
          if (aborter.signal.aborted) return
          setData(() => answer)
          setRememberedAtMs(null)
          memory?.set(about, { answer, atMs: Date.now() })
          setError(null)
        } catch (cause) {
          if (aborter.signal.aborted) return
          setError(cause instanceof CallError ? cause : unexpected(cause))
        }
        timer = setTimeout(() => void next(), everyMs)
      }
      void next()
      onCleanup(() => {
        aborter.abort()
        clearTimeout(timer)
      })
    }),
  )
  return { data, rememberedAtMs, error, refresh: () => setRound((count) => count + 1) }
}

const unexpected = (cause: unknown): CallError =>
  new CallError('internal', 'This page has a fault.', 'Reload it.', { cause })
