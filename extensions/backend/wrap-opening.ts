// Has the one global dashboard opened when a wrapped Serena starts and nobody runs that could do so. A backend that runs sees the
// new instance by itself, and our flags in our own command line.
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import type { ProcessTable } from './facts.ts'
import { holderIsGone } from './lib/process-lives.ts'
import { readRegularFile } from './lib/read-file.ts'
import { desktopVariables } from './os/desktop-variables.ts'
import { startDetached } from './os/detached.ts'
import { type LockOptions, withFileLock } from './os/file-lock.ts'
import { makePrivate } from './os/private-folder.ts'
import { somebodyListens } from './os/somebody-listens.ts'

const CONNECT_MS = 500
const START_MS = 30_000
/** Long enough to prove that a holder is dead, once. */
const LOCK_MS = 200
const LOOK_EVERY_MS = 200
/** Instances that started so long before it count as new to a backend that one of them had started. */
const AT_ONCE_MS = 10_000

export interface OpeningDeps {
  stateFolder: string
  /** Starts this copy's command line. */
  productCommand: readonly [program: string, ...args: string[]]
  /** Null: where the settings say. */
  port: number | null
  env: NodeJS.ProcessEnv
  clientPid: number | null
  list(): Promise<ProcessTable>
}

/** Starts a backend that opens its page, if none runs and no other `wrap` is starting one. */
export async function startBackendForOpening(deps: OpeningDeps): Promise<void> {
  const { stateFolder: folder } = deps
  if (await isBackendThere(folder)) return
  if (makePrivate(folder) !== null) return
  const isGone: LockOptions['isGone'] = holderIsGone(deps.list)
  try {
    await withFileLock(join(folder, 'wrap-start'), { isGone, budgetMs: LOCK_MS }, async () => {
      if (!(await isBackendThere(folder))) await start(deps)
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
      SERENA_DECK_ARRIVALS_SINCE: String(Date.now() - AT_ONCE_MS),
    },
    logFile: join(stateFolder, 'wrap-start.log'),
  })
  for (const end = performance.now() + START_MS; !started.hasEnded() && performance.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}

/** Whether somebody listens where the record of a running backend says; who it is, `open` proves. */
function isBackendThere(folder: string): Promise<boolean> {
  const port = recordedPort(folder)
  if (port === null) return Promise.resolve(false)
  return somebodyListens('127.0.0.1', port, CONNECT_MS)
}

function recordedPort(folder: string): number | null {
  const read = readRegularFile(join(folder, 'backend.json'), 64 * 1024)
  if (read.kind !== 'text') return null
  try {
    const record: unknown = JSON.parse(read.text)
    const port = typeof record === 'object' && record !== null && 'port' in record ? record.port : null
    return typeof port === 'number' && port > 0 && port < 65_536 ? port : null
  } catch {
    // Torn: nobody wrote that it runs.
    return null
  }
}
