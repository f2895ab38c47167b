// One look for many who ask at once.

/** Everybody who asks before a look begins shares that look. */
export function shared<Result>(look: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<Result> | null = null
  return () => {
    next ??= running.then(() => {
      next = null
      const result = look()
      running = result.catch(() => undefined) // who waits for `result` hears of it
      return result
    })
    return next
  }
}
