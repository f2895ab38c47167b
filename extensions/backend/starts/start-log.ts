// The log of a Serena that has exited, found by the pid in its name.
import { join } from 'node:path'
import { namesIn } from '../os/files/names-in.ts'
import { readRegularFileEnd } from '../os/files/read-file.ts'
import { localDay } from '../serena/local-day.ts'

const END_BYTES = 64 * 1024
/** Start times have a resolution of one second on some platforms. */
const SLACK_MS = 2_000
const NAME = /^mcp_(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)_(\d+)\.txt$/

export interface StartLog {
  file: string
  pid: number
  /** From its name (local time); epoch milliseconds. */
  beganAtMs: number
}

/** Returns the logs of the MCP servers that were started on that local day in that home; empty: none, or not readable. */
export function startLogsOf(serenaHome: string, dayMs: number): readonly StartLog[] {
  const folder = join(serenaHome, 'logs', localDay(dayMs))
  return namesIn(folder).flatMap((name) => {
    const [, ...parts] = NAME.exec(name) ?? []
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, pid = 0] = parts.map(Number)
    if (parts.length === 0) return []
    const beganAtMs = new Date(year, month - 1, day, hour, minute, second).getTime()
    return [{ file: join(folder, name), pid, beganAtMs }]
  })
}

/** Returns the log of that process; null: it wrote none. */
export function startLogOf(serenaHome: string, pid: number, startedAtMs: number): StartLog | null {
  const logs = [startedAtMs, startedAtMs + 86_400_000].flatMap((dayMs) => startLogsOf(serenaHome, dayMs))
  return logs.findLast((one) => one.pid === pid && one.beganAtMs >= startedAtMs - SLACK_MS) ?? null
}

/** Returns the end of a log; empty: not readable. */
export function endOfLog(file: string): string {
  const read = readRegularFileEnd(file, END_BYTES)
  return read.kind === 'text' ? read.text : ''
}
