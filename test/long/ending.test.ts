// Kill all with instances of every kind, with a time limit; and more tries than the normal test makes.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Receipt, receiptSchema } from '#contract/ending'
import type { StandInInput } from '../../extensions/backend/demo/stand-in-options.ts'
import {
  type StandIn,
  startStandIn,
  writeStandInProgram,
} from '../../extensions/backend/demo/start-stand-in.ts'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { startLeavingTree } from '../helpers/leaving-tree.ts'
import { whyNoIsolation } from '../helpers/other-side.ts'
import { reusePids } from '../helpers/pid-reuse.ts'
import {
  guardProcess,
  isAlive,
  markProcess,
  markTree,
  type ProcessMark,
  signalProcess,
} from '../helpers/processes.ts'
import { hasLanguageServer, hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTempFolder, makeTypeScriptProject, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const UNUSED_PID = 4_194_300
const HANGS: StandInInput = { hangsAfterMs: 0, hangsAfterAnswers: 4 }

async function startOne(home: string, options: StandInInput, stubborn?: 'term' | 'spawn'): Promise<StandIn> {
  const folder = await makeTempFolder(scope, 'stand-in')
  const env =
    stubborn === undefined
      ? {}
      : {
          NODE_OPTIONS: `--require ${join(projectRoot, 'test/fixtures/programs/stubborn.cjs')}`,
          SERENA_DECK_TEST_STUBBORN: stubborn,
        }
  const standIn = await startStandIn({ folder, serenaHome: home, options, env })
  const mark = markOf(standIn.pid)
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  return standIn
}

function markOf(pid: number): ProcessMark {
  const mark = markProcess(pid)
  if (!mark) throw new Error(`no process ${pid}`)
  return mark
}

/** A stand-in that ignores the exit of its client. */
async function startOrphan(home: string, options: StandInInput = {}): Promise<ProcessMark> {
  const folder = await makeTempFolder(scope, 'orphan')
  const program = await writeStandInProgram(folder)
  const script = `const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(program)}, 'start-mcp-server'], { stdio: ['pipe', 'pipe', 'ignore'] }); child.stdout.once('data', () => console.log(JSON.stringify({ orphan: child.pid }))); setInterval(() => undefined, 1000)`
  const client = startDrivenProgram(scope, process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      ...process.env,
      SERENA_HOME: home,
      SERENA_DECK_STAND_IN: JSON.stringify({ ...options, ignoresEndOfInput: true }),
    },
  })
  const { orphan } = await client.said((message) => 'orphan' in message)
  const mark = markOf(Number(orphan))
  scope.add(() => void signalProcess(mark, 'SIGKILL'))
  signalProcess(client.mark, 'SIGKILL')
  return mark
}

async function writeDead(home: string, count: number): Promise<void> {
  await mkdir(join(home, 'instances.d'), { recursive: true })
  for (let i = 0; i < count; i++) {
    const pid = UNUSED_PID - i
    const entry = { schema: 1, pid, startedAt: 1, identity: `boot:${pid}:1`, pidNamespace: null, port: null }
    await writeFile(
      join(home, 'instances.d', `${pid}-1.json`),
      JSON.stringify({ ...entry, project: null, context: null, modes: [], updatedAt: 1 }),
    )
  }
}

const untilRed = (backend: TestBackend, count: number, timeoutMs: number): Promise<unknown> =>
  waitUntil(
    `${count} red instances`,
    async () => {
      const { instances } = await backend.call('instances')
      return instances.filter(({ colour }) => colour === 'red').length === count
    },
    { timeoutMs, everyMs: 500 },
  )

const hasReal = hasSerena() && hasLanguageServer()

test.skipIf(!hasReal)(
  'kill all ends 20 zombies of all kinds in under 15 s, and keeps 5 other instances',
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const project = await makeTypeScriptProject(scope)
    const real = await startSerena(scope, { project: project.path, client: 'python', hasSibling: true })
    await real.callTool('get_symbols_overview', { relative_path: 'src/greeter.ts' })
    await waitUntil('the language server', () => markTree(real.pid).length >= 4)
    real.killClient()
    const orphans = await Promise.all([{}, {}, HANGS, HANGS].map((options) => startOrphan(home, options)))
    // Real Serenas, three with a project and two without, each with a connected client.
    const others = await Promise.all(
      (['node', 'python', 'node', 'python', 'node'] as const).map(async (client, i) =>
        i < 3
          ? startSerena(scope, {
              client,
              serenaHome: home,
              project: (await makeTypeScriptProject(scope)).path,
            })
          : startSerena(scope, { client, serenaHome: home }),
      ),
    )
    const statesOf = async (): Promise<(string | undefined)[]> => {
      const { instances } = await backend.call('sweep')
      return others.map(({ pid }) => instances.find((one) => one.pid === pid)?.state)
    }
    const kinds = [...Array<undefined>(6).fill(undefined), 'term', 'term', 'spawn', 'spawn'] as const
    const hung = await Promise.all(kinds.map((kind) => startOne(home, HANGS, kind)))
    await writeDead(home, 4)
    const leaving = await startLeavingTree(scope, home)
    const backend = await startBackend(scope, { homes: [home, real.serenaHome] })
    backend.stream()
    await backend.call('sweep')
    signalProcess(leaving.serena, 'SIGKILL')
    await waitUntil(
      'all five to answer',
      async () => {
        const states = await statesOf()
        return (
          states.filter((state) => state === 'live').length === 3 &&
          states.filter((state) => state === 'idle').length === 2
        )
      },
      { timeoutMs: 90_000, everyMs: 1_000 },
    )
    await untilRed(backend, 20, 150_000)
    const leftover = (await backend.call('instances')).instances.find(({ state }) => state === 'leftover')
    const trees = [...hung.map(({ pid }) => pid), ...orphans.map(({ pid }) => pid), real.pid].flatMap(
      markTree,
    )
    expect(leftover?.processCount).toBe(2)
    const startedAt = performance.now()
    const { code, stdout } = await runCli(['kill', '--zombies', '--include-hung', '--yes', '--json'], {
      env: backend.env,
    })
    const tookMs = performance.now() - startedAt
    const receipt: Receipt = receiptSchema.parse(JSON.parse(stdout))
    console.log(
      `kill all of 20: ${Math.round(tookMs)} ms, ${receipt.ended.map(({ how, processes }) => `${how} ${processes}`).join(', ')}`,
    )
    expect([code, receipt.ended.length, receipt.refused, receipt.survivors]).toEqual([0, 20, [], []])
    expect(trees.filter(isAlive)).toEqual([])
    // Of the processes left by the exited Serena only its language server is a zombie.
    expect(leaving.tree.filter(isAlive)).toHaveLength(1)
    expect(tookMs).toBeLessThan(15_000)
    const called = await Promise.all(
      others.map((other, i) =>
        i < 3
          ? other.callTool('list_dir', { relative_path: '.', recursive: false })
          : other.callTool('list_memories', {}).catch(String),
      ),
    )
    expect(called.slice(0, 3)).toEqual([0, 1, 2].map(() => expect.stringContaining('src') as string))
    expect(called.slice(3)).toEqual([3, 4].map(() => expect.stringMatching(/project/i) as string))
    expect(await statesOf()).toEqual(['live', 'live', 'live', 'idle', 'idle'])
    const { instances } = await backend.call('sweep')
    expect(instances.map(({ pid }) => pid).sort()).toEqual(others.map(({ pid }) => pid).sort())
  },
)

test('ends 50 hung instances in under 5 s', async () => {
  const home = await makeTempFolder(scope, 'home')
  const hung: StandIn[] = []
  for (let i = 0; i < 10; i++)
    hung.push(...(await Promise.all([0, 1, 2, 3, 4].map(() => startOne(home, HANGS)))))
  const backend = await startBackend(scope, { homes: [home] })
  backend.stream()
  await untilRed(backend, 50, 150_000)
  const { plan } = await backend.call('planEnding', { body: { ids: null } })
  const startedAt = performance.now()
  const receipt = await backend.call('end', { body: { ids: plan.map(({ id }) => id) } })
  const tookMs = performance.now() - startedAt
  console.log(`50 hung: ${Math.round(tookMs)} ms`)
  expect([receipt.ended.length, receipt.refused, receipt.survivors]).toEqual([50, [], []])
  expect(hung.filter(({ pid }) => markProcess(pid) !== null)).toEqual([])
  expect(tookMs).toBeLessThan(5_000)
})

test.skipIf(whyNoIsolation() !== null)('never signals a reused pid in 1,000 tries', async () => {
  const { reused, signaled } = await reusePids(1_000)
  expect(reused).toBeGreaterThan(900)
  expect(signaled).toBe(0)
})
