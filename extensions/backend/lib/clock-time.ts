// Readable times in the time zone of this machine. Pure.

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Returns `14:02`, or `21 Nov 14:02` if the time is not today. */
export function clockTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`
  if (at.toDateString() === new Date(nowMs).toDateString()) return time
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${time}`
}
