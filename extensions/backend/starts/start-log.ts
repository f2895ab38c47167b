// The log of a Serena that has exited, found by the pid in its name.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFileEnd } from '../os/files/read-file.ts'

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
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch {
    // No Serena was started that day.
    return []
  }
  return names.flatMap((name) => {
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

/** Returns the time of its last write, epoch milliseconds; null: not known. */
export function writtenAtMs(file: string): number | null {
  try {
    return statSync(file).mtimeMs
  } catch {
    // Removed meanwhile.
    return null
  }
}

/** Serena names the folder by the local date, `2026-11-23`. */
function localDay(epochMs: number): string {
  const date = new Date(epochMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
