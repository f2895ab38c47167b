/** Returns the local date as `2026-11-23`: Serena names the folder of the day's logs by it. */
export function localDay(epochMs: number): string {
  const date = new Date(epochMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
