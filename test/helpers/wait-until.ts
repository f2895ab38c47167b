// Waits for a condition, with a timeout and a message that names it.

/**
 * Polls until the result is not false, null or undefined, and resolves to it. The error of a timeout has the last exception as its
 * cause.
 */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
  { timeoutMs = 30_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<Answer, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  do {
    try {
      const answer = await ask()
      cause = undefined
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<Answer, false | null | undefined>
      }
    } catch (error) {
      cause = error
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  } while (performance.now() < deadline)
  const last = cause instanceof Error ? ` (last error: ${cause.message})` : ''
  throw new Error(`not within ${timeoutMs} ms: ${what}${last}`, cause === undefined ? {} : { cause })
}
