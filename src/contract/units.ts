// Sizes and durations as text, the same in the terminal, in evidence and on the page. Pure.

/** Returns `612 MB` or `1.2 GB`, in decimal units as system monitors and docker show them; `-` if not known. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '-'
  const mega = bytes / 1e6
  return mega < 999.5 ? `${Math.round(mega)} MB` : `${(mega / 1000).toFixed(1)} GB`
}

/** Returns `4 s`, `12 min`, `3 h 12 min` or `2 d 4 h`; a negative span is `0 s`. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return withRest(`${days} d`, hours % 24, 'h')
  if (hours > 0) return withRest(`${hours} h`, minutes % 60, 'min')
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}

/** Returns `1 instance`, `2 instances`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** Returns `1 process`, `2 processes`. */
export const processesOf = (count: number): string => countOf(count, 'process', 'processes')

const withRest = (head: string, rest: number, unit: string): string =>
  rest > 0 ? `${head} ${rest} ${unit}` : head
