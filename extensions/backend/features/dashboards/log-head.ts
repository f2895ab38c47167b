// What the beginning of a Serena's own log says: its version and where its dashboard is.
import { statSync } from 'node:fs'
import { readRegularFile } from '../../lib/read-file.ts'

const HEAD_BYTES = 128 * 1024

export interface LogHead {
  serenaVersion: string | null
  /** The process that wrote it. */
  pid: number | null
  dashboardPort: number | null
}

/** The facts in the text of a log's beginning; null where it says nothing of one. Wording: golden recordings, 0.1.4 to 2.1.0. */
export function parseLogHead(text: string): LogHead {
  const start = /Starting Serena server \(version=([^,;)\s]+), process id=(\d+)/.exec(text)
  const dashboard = /dashboard(?: \(web UI\))? started at https?:\/\/[^\s/]+:(\d{1,5})\b/i.exec(text)
  const port = Number(dashboard?.[1] ?? Number.NaN)
  return {
    serenaVersion: start?.[1] ?? null,
    pid: start?.[2] === undefined ? null : Number(start[2]),
    dashboardPort: port > 0 && port < 65_536 ? port : null,
  }
}

/** The facts of a log file; null: it cannot be read. */
export function readLogHead(file: string): Promise<LogHead | null> {
  const read = readRegularFile(file, HEAD_BYTES)
  return Promise.resolve(read.kind === 'text' ? parseLogHead(read.text) : null)
}

/** When the log was last written, epoch milliseconds; null: not known. */
export function logModifiedAtMs(file: string): number | null {
  try {
    return Math.floor(statSync(file).mtimeMs)
  } catch {
    // Removed under the running Serena, or not readable.
    return null
  }
}
