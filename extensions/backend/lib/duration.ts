// A span of time as a person says it.

/** `4 s`, `12 min`, `3 h 12 min`, `2 d 4 h`; a negative span reads as `0 s`. */
export function inWords(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return withRest(`${days} d`, hours % 24, 'h')
  if (hours > 0) return withRest(`${hours} h`, minutes % 60, 'min')
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}

const withRest = (head: string, rest: number, unit: string): string =>
  rest > 0 ? `${head} ${rest} ${unit}` : head
