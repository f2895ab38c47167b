// A forced ending whose backend is killed while processes are stopped: the next backend, or the next command, finishes it.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { type BusySerena, SERVERS, startBusySerena, USER_PROGRAMS } from '../helpers/busy-serena.ts'
import { runCli } from '../helpers/cli.ts'
import { signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

function isStopped(pid: number): boolean {
  try {
    return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    // It has exited.
    return false
  }
}

const stoppedOf = (serena: BusySerena): string[] =>
  (['serena', ...USER_PROGRAMS, ...SERVERS] as const).filter((name) => isStopped(serena.of(name).pid))

const journalsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('ending-'))

/** Kills the backend while the Serena is stopped. Returns false if the moment was missed. */
async function killMidway(backend: TestBackend, serena: BusySerena): Promise<boolean> {
  const { instances } = await backend.call('sweep')
  const id = instances.find(({ pid }) => pid === serena.mark.pid)?.id ?? 'none'
  const stream = backend.stream()
  await stream.until(({ type }) => type === 'snapshot')
  const body = JSON.stringify({ ids: [id], scope: 'named' })
  backend
    .fetch('/api/ending', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    // The request is aborted.
    .catch(() => undefined)
  await stream.until((event) => event.type === 'ending' && event.step === 'terminated')
  // The moment lasts a few milliseconds, so this loop does nothing else.
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (const end = performance.now() + 10_000; performance.now() < end && !isStopped(serena.mark.pid); )
    Atomics.wait(pause, 0, 0, 1)
  signalProcess(backend.program.mark, 'SIGKILL')
  await backend.program.close()
  return stoppedOf(serena).includes('serena')
}

/**
 * Returns a Serena that is stopped in the middle of its ending, after its backend was killed. Retries, because the moment is short
 * and may be missed.
 */
async function leaveUnfinished(
  home: string,
  stateFolder: string,
): Promise<{ backend: TestBackend; serena: BusySerena }> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const backend = await startBackend(scope, { homes: [home], stateFolder })
    const serena = await startBusySerena(scope, { serenaHome: home, isStubborn: true })
    if (await killMidway(backend, serena)) return { backend, serena }
  }
  throw new Error('the backend was never killed while the Serena was stopped')
}

test.skipIf(process.platform !== 'linux').each(['backend', 'command'])(
  'the next %s finishes it and reports it',
  async (next) => {
    const home = await makeTempFolder(scope, 'home')
    const stateFolder = await makeTempFolder(scope, 'state')
    const { backend, serena } = await leaveUnfinished(home, stateFolder)

    if (next === 'backend') {
      const second = await startBackend(scope, { homes: [home], stateFolder })
      const notice = await waitUntil('the notice', async () => {
        const { notices } = await second.call('instances')
        return notices.find(({ id }) => id.startsWith('unfinished:'))?.text
      })
      expect(notice).toMatch(/was killed while ending .*shop\. The ending was finished: 3 processes killed\./)
    } else {
      const { stdout } = await runCli(['list', '--json'], { env: backend.env })
      expect(stdout).toContain('The ending was finished')
    }
    expect(serena.living(['serena', ...SERVERS])).toEqual([])
    expect(serena.living(USER_PROGRAMS)).toEqual([...USER_PROGRAMS])
    expect(stoppedOf(serena)).toEqual([])
    expect(journalsIn(stateFolder)).toEqual([])
  },
)
