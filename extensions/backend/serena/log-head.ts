// What the beginning of a Serena's own log says: its version and where its dashboard is.
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegularFile } from '../os/files/read-file.ts'
import { localDay } from './local-day.ts'

const HEAD_BYTES = 128 * 1024
/** Start times have a resolution of one second on some platforms. */
const START_SLACK_MS = 2_000

export interface LogHead {
  serenaVersion: string | null
  /** The process that wrote it. */
  pid: number | null
  dashboardPort: number | null
  /** The address it listens on as it is set; it may be a name. */
  dashboardAddress: string | null
}

/** Returns the facts in the beginning of a log; null for facts that it does not contain. Wording: golden recordings, 0.1.4 to 2.1.0. */
export function parseLogHead(text: string): LogHead {
  const start = /Starting Serena server \(version=([^,;)\s]{1,100}), process id=(\d+)/.exec(text)
  const dashboard = /dashboard(?: \(web UI\))? started at https?:\/\/[^\s/]+:(\d{1,5})\b/i.exec(text)
  const port = Number(dashboard?.[1] ?? Number.NaN)
  const bound = /Starting dashboard \(listen_address=([^,;)\s]{1,100}), port=\d{1,5}\)/.exec(text)
  return {
    serenaVersion: start?.[1] ?? null,
    pid: start?.[2] === undefined ? null : Number(start[2]),
    dashboardPort: port > 0 && port < 65_536 ? port : null,
    dashboardAddress: bound?.[1] ?? null,
  }
}

/** Returns the facts of a log file; null: it cannot be read. */
export function readLogHead(file: string): Promise<LogHead | null> {
  const read = readRegularFile(file, HEAD_BYTES)
  return Promise.resolve(read.kind === 'text' ? parseLogHead(read.text) : null)
}

/**
 * Returns the log that this process writes below that home, by the pid in its name; null: there is none. For platforms that do not list
 * which files a process holds open. (0.1.x names no pid.)
 */
export async function findLogOf(
  serenaHome: string,
  pid: number,
  startedAtMs: number,
): Promise<string | null> {
  for (const dayMs of [0, 86_400_000]) {
    const folder = join(serenaHome, 'logs', localDay(startedAtMs + dayMs))
    const names = await readdir(folder).catch(() => []) // no Serena wrote there that day
    for (const name of names
      .filter((candidate) => candidate.endsWith(`_${pid}.txt`))
      .sort()
      .reverse()) {
      const file = join(folder, name)
      // An earlier process may have had the pid: its log ended before this one began.
      if ((logModifiedAtMs(file) ?? 0) < startedAtMs - START_SLACK_MS) continue
      if ((await readLogHead(file))?.pid === pid) return file
    }
  }
  return null
}

/** Returns when the log was last written, epoch milliseconds; null: not known, or not a valid date. */
export function logModifiedAtMs(file: string): number | null {
  try {
    const { mtime, mtimeMs } = statSync(file)
    return Number.isNaN(mtime.getTime()) ? null : Math.floor(mtimeMs)
  } catch {
    // Removed under the running Serena, or not readable.
    return null
  }
}
