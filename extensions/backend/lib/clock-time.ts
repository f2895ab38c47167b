// Times as a person says them, in the time of this machine. Pure.

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `14:02`; of another day than today's `21 Nov 14:02`. */
export function clockTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`
  if (at.toDateString() === new Date(nowMs).toDateString()) return time
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${time}`
}
