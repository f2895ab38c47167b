// One run for many callers at once.

/** Returns a function that runs `run` once for all callers that ask before that run begins. A failure reaches each caller. */
export function coalesce<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<Result> | null = null
  return () => {
    next ??= running.then(() => {
      next = null
      const result = run()
      running = result.catch(() => undefined) // The callers of `result` get the error.
      return result
    })
    return next
  }
}
