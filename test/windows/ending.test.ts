// Ending real instances on Windows: from the command line, with children that are started while it ends, and never anything else.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { receiptSchema } from '#contract/ending'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess, markTree, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const programs = join(projectRoot, 'test', 'fixtures', 'programs')

function markOf(pid: number): ProcessMark {
  const mark = markProcess(pid)
  if (!mark) throw new Error(`no process ${pid}`)
  scope.add(() => void signalProcess(mark, 'SIGKILL'))
  return mark
}

async function ownEnvironment(): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const home = await makeTempFolder(scope, 'home')
  const state = await makeTempFolder(scope, 'state')
  return { home, env: { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state } }
}

const requiring = (file: string): string =>
  `${process.env['NODE_OPTIONS'] ?? ''} --require ${JSON.stringify(join(programs, file))}`

test('a backend lists an instance with its dashboard, and ends it by that', async () => {
  const { home } = await ownEnvironment()
  const standIn = await startTestStandIn(scope, { serenaHome: home })
  const backend = await startBackend(scope, { homes: [home] })
  const { instances } = await backend.call('sweep')
  expect(instances).toMatchObject([{ pid: standIn.pid, port: standIn.port() }])
  const ids = instances.map(({ id }) => id)
  const receipt = await backend.call('end', { body: { ids, scope: 'named' } })
  expect(receipt).toMatchObject({ ended: [{ how: 'shutdown' }], refused: [], survivors: [] })
  expect(markProcess(standIn.pid)).toBeNull()
})

test('kill ends an instance that starts children all the time, and only that one', async () => {
  const { home, env } = await ownEnvironment()
  const other = await startTestStandIn(scope, { serenaHome: home })
  const standIn = await startTestStandIn(scope, {
    serenaHome: home,
    env: { NODE_OPTIONS: requiring('respawning.cjs') },
  })
  const all = new Map<number, ProcessMark>()
  const look = (): void => {
    for (const { pid } of markTree(standIn.pid)) if (!all.has(pid)) all.set(pid, markOf(pid))
  }
  await waitUntil('two children', () => (look(), all.size > 2))
  const timer = setInterval(look, 50)
  const { code, stdout, stderr } = await runCli(
    ['kill', String(standIn.pid), '--yes', '--force', '--include-children', '--json'],
    { env },
  ).finally(() => clearInterval(timer))
  expect([code, stderr]).toEqual([0, ''])
  expect(receiptSchema.parse(JSON.parse(stdout))).toMatchObject({ refused: [], survivors: [] })
  await waitUntil('all of it to exit', () => ![...all.values()].some(isAlive))
  expect(isAlive(markOf(other.pid))).toBe(true)
})

test('a stand-in that is suspended is ended as well', async () => {
  const { home, env } = await ownEnvironment()
  const standIn = await startTestStandIn(scope, { serenaHome: home })
  const mark = markOf(standIn.pid)
  standIn.send('hang')
  const { code } = await runCli(['kill', String(standIn.pid), '--yes', '--force'], { env })
  expect(code).toBe(0)
  expect(isAlive(mark)).toBe(false)
})
