// Orphans of real Serenas: clients are killed in every way that leaves an orphan, together with situations that only look like it.
// All run at the same time; the results are printed as the table of docs/dev/verdicts.md.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { isAlive, markProcess, markTree, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import {
  hasSerena,
  hasUvx,
  type RealSerena,
  type SerenaStart,
  startHttpSerena,
  startSerena,
} from '../helpers/serena.ts'
import { untilOwnSweeps } from '../helpers/sweeps.ts'
import { makeTypeScriptProject, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const RED_WITHIN_MS = 10_000
const isOn = process.platform === 'linux' && hasSerena('2.1.0') && hasSerena('1.7.0')

/** A running client whose parent has exited: as with nohup, tmux or a desktop launcher. */
const DETACHED = ['sh', '-c', 'exec 3<&0; (setsid nohup "$@" <&3 & ); exec sleep 600', 'sh']
const SUBREAPER = ['python3', `${projectRoot}/test/fixtures/programs/subreaper.py`]

interface Case {
  situation: string
  start: SerenaStart & { isHttp?: boolean; hasProject?: boolean }
  /** Changes the situation, once all run. */
  act: (serena: RealSerena) => void | Promise<void>
  /** The flag that our verdict must have in the end, and never before. */
  state: 'orphaned' | 'other'
  /** Its client has exited, but another process holds the connection. */
  isUntouchable?: boolean
  flags: readonly string[]
}

const killClient = (serena: RealSerena): void => serena.killClient()
const nothing = (): void => undefined
/** Its answer never arrives: the client or the test ends before. */
const callLongTool = (serena: RealSerena): Promise<unknown> =>
  serena.callTool('execute_shell_command', { command: 'sleep 170' }).catch(nothing)
const orphan = (situation: string, start: SerenaStart): Case => ({
  situation,
  start: { hasSibling: true, ...start },
  act: killClient,
  state: 'orphaned',
  flags: [],
})
const signal = (pid: number, name: NodeJS.Signals): void => {
  const mark = markProcess(pid)
  if (mark) signalProcess(mark, name)
}

const CASES: readonly Case[] = [
  orphan('2.1.0, Python client (pipes) killed, a sibling holds the write end', { client: 'python' }),
  orphan('2.1.0, Node client (sockets) killed, a sibling holds the write end', { client: 'node' }),
  orphan('1.7.0, Python client killed, a sibling holds the write end', {
    client: 'python',
    version: '1.7.0',
  }),
  orphan('1.7.0, Node client killed, a sibling holds the write end', { client: 'node', version: '1.7.0' }),
  orphan('`sh -c` between, Node client killed', { client: 'node', launcher: 'sh' }),
  ...(hasUvx()
    ? [orphan('`uvx` between, Python client killed', { client: 'python', launcher: 'uvx' as const })]
    : []),
  orphan('Python client under a subreaper killed', { client: 'python', clientRunner: SUBREAPER }),
  {
    situation: 'Node client killed while a tool runs',
    start: { client: 'node', hasProject: true },
    async act(serena) {
      void callLongTool(serena)
      const url = `http://127.0.0.1:${await serena.dashboardPort()}/queued_task_executions`
      await waitUntil('the tool to run', async () =>
        /"is_running": ?true/.test(await (await fetch(url)).text()),
      )
      serena.killClient()
    },
    state: 'orphaned',
    flags: ['finishing'],
  },
  {
    situation: 'client waits for a long-running tool',
    start: { client: 'python', hasProject: true },
    act: (serena) => void callLongTool(serena),
    state: 'other',
    flags: [],
  },
  {
    situation: 'client killed, a debugger is attached to the Serena',
    start: { client: 'node', hasSibling: true },
    async act(serena) {
      const program = `${projectRoot}/test/fixtures/programs/tracer.py`
      const tracer = startDrivenProgram(scope, 'python3', [program, String(serena.pid)], {
        cwd: projectRoot,
        env: process.env,
      })
      await tracer.said((message) => message['ready'] === true)
      serena.killClient()
    },
    isUntouchable: true,
    state: 'other',
    flags: [],
  },
  {
    situation: 'client stopped (SIGSTOP)',
    start: { client: 'node' },
    act: ({ clientPid }) => signal(clientPid, 'SIGSTOP'),
    state: 'other',
    flags: [],
  },
  {
    situation: 'client started by `setsid nohup`, is running',
    start: { client: 'python', clientRunner: DETACHED },
    act: nothing,
    state: 'other',
    flags: [],
  },
  {
    situation: 'client closed its ends and is running, a sibling holds the write end',
    start: { client: 'python', hasSibling: true },
    act: (serena) => serena.sendToClient({ leave: true }),
    state: 'orphaned',
    flags: [],
  },
  {
    situation: 'client killed, the Serena itself stopped (SIGSTOP)',
    start: { client: 'python', hasSibling: true },
    act(serena) {
      signal(serena.pid, 'SIGSTOP')
      serena.killClient()
    },
    isUntouchable: true,
    state: 'other',
    flags: [],
  },
  {
    situation: 'daemon over streamable-http, started by `setsid nohup`',
    start: { isHttp: true, clientRunner: DETACHED },
    act: nothing,
    state: 'other',
    flags: [],
  },
]

interface Run {
  one: Case
  serena: RealSerena
  mark: ProcessMark
  actedAtMs: number
}

async function startAll(): Promise<Run[]> {
  const runs: Run[] = []
  // Four at a time, because starting a Serena uses the most CPU.
  const waiting = [...CASES]
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const { path: project } = await makeTypeScriptProject(scope)
      const { isHttp, hasProject, ...start } = one.start
      const serena = await (isHttp ? startHttpSerena : startSerena)(scope, {
        ...start,
        cwd: project,
        ...(hasProject && { project }),
      })
      const run = { one, serena, mark: serena.mark, actedAtMs: 0 }
      // Kill each immediately at the end of the test, together with the shell of its tool, which would keep running.
      scope.add(() => {
        const tree = isAlive(run.mark) ? markTree(run.mark.pid) : []
        for (const one of tree) signalProcess(one, 'SIGKILL')
        signal(serena.clientPid, 'SIGCONT')
      })
      runs.push(run)
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  return runs.sort((a, b) => CASES.indexOf(a.one) - CASES.indexOf(b.one))
}

async function instancesOf(backend: TestBackend): Promise<Map<number | null, Instance>> {
  return new Map((await backend.call('instances')).instances.map((one) => [one.pid, one]))
}

async function pingOf({ serena, mark }: Run): Promise<string> {
  if (markProcess(mark.pid) === null) return 'exited'
  try {
    const port = await serena.dashboardPort()
    const answer = await fetch(`http://127.0.0.1:${port}/heartbeat`, { signal: AbortSignal.timeout(1_500) })
    return answer.ok ? 'alive' : `status ${answer.status}`
  } catch {
    // A ping reports no answer.
    return 'dead'
  }
}

function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
}

test.skipIf(!isOn)(
  'every orphan is red with its evidence within 10 s, and no other instance is',
  async () => {
    const runs = await startAll()
    const homes = runs.map(({ serena }) => serena.serenaHome)
    const backend = await startBackend(scope, { homes })
    await waitUntil('all to be listed', async () => (await instancesOf(backend)).size === runs.length, {
      timeoutMs: 30_000,
    })
    for (const run of runs) {
      await run.one.act(run.serena)
      run.actedAtMs = Date.now()
    }

    const orphans = runs.filter(({ one }) => one.state === 'orphaned')
    const wrong: string[] = []
    const redAfterMs = new Map<Run, number>()
    await waitUntil(
      'every orphan to be red',
      async () => {
        const seen = await instancesOf(backend)
        for (const run of runs) {
          const isRed = seen.get(run.serena.pid)?.state === 'orphaned'
          if (isRed && run.one.state !== 'orphaned') wrong.push(run.one.situation)
          if (isRed && !redAfterMs.has(run)) redAfterMs.set(run, Date.now() - run.actedAtMs)
        }
        return orphans.every((run) => redAfterMs.has(run))
      },
      { timeoutMs: 30_000, everyMs: 200 },
    ).catch((error: unknown) => void wrong.push(String(error)))
    for (const run of orphans) {
      const tookMs = redAfterMs.get(run)
      if (tookMs === undefined || tookMs > RED_WITHIN_MS)
        wrong.push(`${run.one.situation}: red after ${tookMs ?? 'never'} of ${RED_WITHIN_MS} ms`)
    }

    // Three more scans: an instance that becomes red now is an error as well, and a backend started late must report the same.
    const late = await startBackend(scope, { homes })
    await Promise.all([untilOwnSweeps(backend, 3), untilOwnSweeps(late, 3)])
    const seen = await instancesOf(backend)
    const seenLate = await instancesOf(late)
    const rows: string[] = []
    for (const run of runs) {
      const mine = seen.get(run.serena.pid)
      const words = [mine?.state ?? 'not listed', ...(mine?.flags ?? [])].join(', ')
      const lateOne = seenLate.get(run.serena.pid)
      const lateWords = [lateOne?.state ?? 'not listed', ...(lateOne?.flags ?? [])].join(', ')
      const isOrphan = mine?.state === 'orphaned'
      if (isOrphan !== (run.one.state === 'orphaned')) wrong.push(`${run.one.situation}: ${words}`)
      if (run.one.state !== 'orphaned' && lateOne?.state === 'orphaned')
        wrong.push(`${run.one.situation}, seen late: ${lateWords}`)
      for (const flag of run.one.flags)
        if (!mine?.flags.some((one) => one === flag)) wrong.push(`${run.one.situation}: no flag ${flag}`)
      const isServing = run.one.state !== 'orphaned'
      const parent =
        markProcess(run.serena.pid) === null
          ? 'exited'
          : parentOf(run.serena.pid) === 1
            ? 'orphan'
            : 'no orphan'
      const ping = await pingOf(run)
      const pingWords = (ping === 'alive') === isServing ? ping : `${ping} ✗`
      const isParentRight = run.one.isUntouchable || (parent === 'orphan') === !isServing
      const parentWords = isParentRight ? parent : `${parent} ✗`
      const took = redAfterMs.get(run)
      rows.push(
        `| ${run.one.situation} | ${words}${took === undefined ? '' : ` (${Math.round(took / 1000)} s)`} | ${lateWords} | ${pingWords} | ${parentWords} | ${mine?.verdict.evidence.join(' ') ?? ''} |`,
      )
    }
    const head =
      '| situation | ours | ours, started late | a ping | `ppid == 1` | evidence |\n|---|---|---|---|---|---|'
    console.log(`${head}\n${rows.join('\n')}`)
    expect(wrong).toEqual([])
  },
)
