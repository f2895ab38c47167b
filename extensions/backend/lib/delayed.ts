// One run for several requests in quick succession.

export interface Delayed {
  /** Runs soon, once for all requests until then. */
  request(): void
  cancel(): void
}

/** Runs `run` at most `afterMs` after the first request. */
export function makeDelayed(run: () => void, afterMs: number): Delayed {
  let timer: ReturnType<typeof setTimeout> | null = null
  return {
    request() {
      timer ??= setTimeout(() => {
        timer = null
        run()
      }, afterMs)
    },
    cancel() {
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}
