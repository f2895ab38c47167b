// Polls a value while it is shown.
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { type CallError, toCallError } from '../client/call-error.ts'

export interface Polled<Answer> {
  /** The last answer for the current key; it is kept when a later request fails. */
  data: Accessor<Answer | undefined>
  /** When a cached answer was received, epoch ms; null: `data` is not from the cache. */
  cachedAtMs: Accessor<number | null>
  /** Why the last request failed; null: it did not. */
  error: Accessor<CallError | null>
}

export interface PolledInput<Answer> {
  /** The subject of the request; another key discards the answer. Null: no polling. */
  key: Accessor<string | null>
  /** False: polling is paused. */
  isActive: Accessor<boolean>
  everyMs: number
  request: (key: string, signal: AbortSignal) => Promise<Answer>
  /** Each change triggers a poll. */
  changes?: Accessor<unknown>
  /** Answers of earlier requests, shown until a new one arrives. */
  cache?: Map<string, CachedAnswer<Answer>>
}

export interface CachedAnswer<Answer> {
  answer: Answer
  /** Epoch ms. */
  atMs: number
}

/** Polls immediately, then `everyMs` after each answer, one request at a time. */
export function createPolled<Answer>({
  key,
  isActive,
  everyMs,
  request,
  changes,
  cache,
}: PolledInput<Answer>): Polled<Answer> {
  const [data, setData] = createSignal<Answer | undefined>(undefined, {
    // An equal answer must not trigger a redraw.
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  })
  const [cachedAtMs, setCachedAtMs] = createSignal<number | null>(null)
  const [error, setError] = createSignal<CallError | null>(null)

  // The sources change far more often than these values.
  const subject = createMemo(key)
  const isPolling = createMemo(isActive)
  const change = createMemo(() => changes?.())

  createEffect(
    on(subject, (about) => {
      const known = about === null ? undefined : cache?.get(about)
      setData(() => known?.answer)
      setCachedAtMs(known?.atMs ?? null)
      setError(null)
    }),
  )
  createEffect(
    on([subject, isPolling, change], ([about, isOn]) => {
      if (about === null || !isOn) return
      const aborter = new AbortController()
      let timer: ReturnType<typeof setTimeout> | undefined
      const next = async (): Promise<void> => {
        try {
          const answer = await request(about, aborter.signal)
          if (aborter.signal.aborted) return
          setData(() => answer)
          setCachedAtMs(null)
          cache?.set(about, { answer, atMs: Date.now() })
          setError(null)
        } catch (cause) {
          if (aborter.signal.aborted) return
          setError(toCallError(cause))
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
  return { data, cachedAtMs, error }
}
