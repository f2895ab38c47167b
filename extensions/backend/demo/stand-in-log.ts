// The log of a stand-in: the lines in memory for the dashboard, and the same lines in a file like Serena's.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Serena keeps this number of lines. */
const RING = 2500

export interface StandInLog {
  /** Adds one line, formatted as Serena formats it. */
  write(level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR', where: string, text: string): void
  /** Lines from this index of the whole history on, and the index of the newest (-1 none). */
  since(startIndex: number): { messages: string[]; max_idx: number }
  clear(): void
  readonly file: string
  close(): void
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** Returns `2026-11-22` and `20261122-214509` in local time, as Serena names its folder and file. */
export function logStamp(at: Date): { day: string; stamp: string; time: string } {
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => pad(part))
  return {
    day,
    stamp: `${day.replaceAll('-', '')}-${clock.join('')}`,
    time: `${day} ${clock.join(':')},${pad(at.getMilliseconds(), 3)}`,
  }
}

/** Opens `SERENA_HOME/logs/<day>/mcp_<stamp>_<pid>.txt` and keeps it open, as Serena does. */
export function openStandInLog(serenaHome: string, pid: number): StandInLog {
  const { day, stamp } = logStamp(new Date())
  const folder = join(serenaHome, 'logs', day)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `mcp_${stamp}_${pid}.txt`)
  const handle = openSync(file, 'a')
  let lines: string[] = []
  let dropped = 0
  return {
    file,
    write(level, where, text) {
      const line = `${level.padEnd(5)} ${logStamp(new Date()).time} [MainThread] ${where} - ${text}`
      lines.push(line)
      if (lines.length > RING) {
        lines.shift()
        dropped += 1
      }
      writeSync(handle, `${line}\n`)
    },
    since(startIndex) {
      const from = Math.max(0, Math.max(0, startIndex) - dropped)
      return { messages: lines.slice(from), max_idx: dropped + lines.length - 1 }
    },
    clear() {
      lines = []
      dropped = 0
    },
    close: () => closeSync(handle),
  }
}
