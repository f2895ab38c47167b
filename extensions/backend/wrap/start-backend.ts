// Starts a backend when a wrapped Serena starts with the shared dashboard and no backend is running. A running backend finds the new
// instance by itself, and the flags in the command line of `wrap`.
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { desktopVariables } from '../os/desktop-variables.ts'
import { startDetached } from '../os/detached.ts'
import { type LockOptions, withFileLock } from '../os/files/file-lock.ts'
import { hasHolderExited } from '../os/files/lock-holder.ts'
import { makePrivate } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { isPortOpen } from '../os/is-port-open.ts'
import type { ProcessTable } from '../os/process-facts.ts'

const CONNECT_MS = 500
const START_MS = 30_000
/** Enough for one proof that the holder of the lock has exited. */
const LOCK_MS = 200
const POLL_MS = 200
/** Instances that started within this time before the backend count as new. */
const AT_ONCE_MS = 10_000

export interface OpeningDeps {
  stateFolder: string
  /** Runs the command line of this copy. */
  productCommand: readonly [program: string, ...args: string[]]
  /** Null: the port of the settings. */
  port: number | null
  env: NodeJS.ProcessEnv
  clientPid: number | null
  list(): Promise<ProcessTable>
}

/** Starts a backend, which opens its page, if none is running and no other `wrap` is starting one. */
export async function startBackendForOpening(deps: OpeningDeps): Promise<void> {
  const { stateFolder: folder } = deps
  if (await isBackendRunning(folder)) return
  if (makePrivate(folder) !== null) return
  const hasExited: LockOptions['hasExited'] = hasHolderExited(deps.list)
  try {
    await withFileLock(join(folder, 'wrap-start'), { hasExited, budgetMs: LOCK_MS }, async () => {
      if (!(await isBackendRunning(folder))) await start(deps)
    })
  } catch (error) {
    // Another `wrap` is starting it at this moment.
    if (!(error instanceof AppError) || error.code !== 'file-locked') throw error
  }
}

async function start({ stateFolder, productCommand, port, env, clientPid }: OpeningDeps): Promise<void> {
  const [file, ...args] = productCommand
  const started = await startDetached({
    file,
    args: [...args, 'open', '--hidden', ...(port === null ? [] : ['--port', String(port)])],
    env: {
      ...desktopVariables(clientPid, env),
      ...env,
      SERENA_DECK_NEW_SINCE: String(Date.now() - AT_ONCE_MS),
    },
    logFile: join(stateFolder, 'wrap-start.log'),
  })
  for (const end = performance.now() + START_MS; !started.hasEnded() && performance.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}

/** Whether the port in the record of a backend is open; `open` verifies which program it is. */
function isBackendRunning(folder: string): Promise<boolean> {
  const port = recordedPort(folder)
  if (port === null) return Promise.resolve(false)
  return isPortOpen('127.0.0.1', port, CONNECT_MS)
}

function recordedPort(folder: string): number | null {
  const read = readRegularFile(join(folder, 'backend.json'), 64 * 1024)
  if (read.kind !== 'text') return null
  try {
    const record: unknown = JSON.parse(read.text)
    const port = typeof record === 'object' && record !== null && 'port' in record ? record.port : null
    return typeof port === 'number' && port > 0 && port < 65_536 ? port : null
  } catch {
    // Incomplete: no backend is recorded.
    return null
  }
}
