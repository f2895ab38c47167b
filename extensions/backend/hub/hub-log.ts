// The log of the hub: its stderr. It must not grow without limit.

const MOST_REPORTS = 500
let reports = 0

/** Writes a fault to the log. */
export function report(error: unknown): void {
  if (++reports > MOST_REPORTS) return
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${new Date().toISOString()} ${text}\n`)
}
