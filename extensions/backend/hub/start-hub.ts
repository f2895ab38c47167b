// Starts the hub as a process of its own, and says why it has not started.
import { renameSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { codeOf } from '../lib/error-code.ts'
import { type Detached, startDetached } from '../os/detached.ts'
import { readRegularFileEnd } from '../os/files/read-file.ts'
import type { HubPlace } from './hub-place.ts'

const TAIL_BYTES = 4 * 1024
const TAIL_LINES = 5

export interface HubStart {
  place: HubPlace
  /** Runs the hub of this copy. */
  command: readonly [program: string, ...args: string[]]
  env: NodeJS.ProcessEnv
}

/** The variables that choose the state folder. */
const STATE_PATHS = ['SERENA_DECK_STATE', 'XDG_STATE_HOME', 'LOCALAPPDATA'] as const

/** glibc keeps freed blocks of up to 32 MB for later, and would never return the memory of large messages: it maps these by themselves. */
const MEMORY = { MALLOC_MMAP_THRESHOLD_: '65536' } as const

/** Returns the environment of a hub, whose working folder is another one. */
export function hubEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Options for the Node of the client, such as a debugger, are not for the hub.
  const { NODE_OPTIONS: _, ...kept } = env
  for (const name of STATE_PATHS) if (kept[name]) kept[name] = resolve(kept[name])
  return { ...kept, ...MEMORY }
}

/** Starts the hub in its own folder: that of the client may be removed. The log of the last one is kept. AppError `hub-not-started`, `not-written`. */
export async function startHub({ place, command, env }: HubStart): Promise<Detached> {
  const { folder, logFile } = place
  keepLog(logFile)
  const [file, ...args] = command
  try {
    return await startDetached({ file, args, cwd: folder, env: hubEnvironment(env), logFile })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError(
      'hub-not-started',
      { words: `${file} cannot be started (${codeOf(cause)}).`, logFile },
      { cause },
    )
  }
}

function keepLog(logFile: string): void {
  try {
    if (statSync(logFile).size > 0) renameSync(logFile, `${logFile}.1`)
  } catch {
    // There is none yet.
  }
}

/** Returns the last lines of the log as one line; empty: it has none. */
export function logTail(logFile: string): string {
  const read = readRegularFileEnd(logFile, TAIL_BYTES)
  if (read.kind !== 'text') return ''
  const lines = read.text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-TAIL_LINES).map(visibleLine).join(' | ')
}
