// Waiting for something that becomes true, with a deadline and a message that says what did not.

/** Asks until the answer is neither false, null nor undefined, and resolves to it. An exception of the last round is the cause. */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
  { timeoutMs = 10_000, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
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
  throw new Error(`not within ${timeoutMs} ms: ${what}`, cause === undefined ? {} : { cause })
}
