// Pruning on real files and processes: by the setting of each home, only on proof, never from a file that somebody else writes.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StandInInput } from '../../extensions/backend/features/demo/stand-in-options.ts'
import { writeStandInProgram } from '../../extensions/backend/features/demo/start-stand-in.ts'
import { startBackend } from '../helpers/backend.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { guardProcess, isAlive, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
/** No process has this pid: the kernel's limit is lower. */
const NOBODYS_PID = 4_194_300
const HANGS: StandInInput = { hangsAfterMs: 0, hangsAfterAnswers: 4, ignoresEndOfInput: true }

async function writeOwn(home: string, pid: number, startedAt = 1): Promise<string> {
  const file = join(home, 'instances.d', `${pid}-${startedAt}.json`)
  await mkdir(join(home, 'instances.d'), { recursive: true })
  const entry = { schema: 1, pid, startedAt, identity: `boot:${pid}:1`, pidNamespace: null, port: null }
  await writeFile(file, JSON.stringify({ ...entry, project: null, context: null, modes: [], updatedAt: 1 }))
  return file
}

/** `instances.json` of a program that writes shape c, as it was left two minutes ago. */
async function writeForeign(home: string, pids: readonly number[]): Promise<string> {
  const file = join(home, 'instances.json')
  const entryOf = (pid: number): object => ({
    pid,
    port: 24_282,
    started_at: Date.now() / 1000 - 300,
    last_heartbeat: Date.now() / 1000 - 200,
    context: 'agent',
    modes: [],
    project_name: 'shop',
    project_root: '/shop',
    state: 'live_with_project',
    zombie_detected_at: null,
  })
  const view = {
    instances: Object.fromEntries(pids.map((pid) => [String(pid), entryOf(pid)])),
    lifecycle_events: [{ event_type: 'instance_started', pid: pids[0] }],
    global_dashboard_pid: null,
    global_dashboard_port: null,
  }
  await writeFile(file, JSON.stringify(view, null, 2))
  const past = Date.now() / 1000 - 120
  await utimes(file, past, past)
  return file
}

const pidsIn = (file: string): string[] =>
  Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { instances: object }).instances)

/** A stand-in that hangs, and whose client is gone. */
async function startHungOrphan(home: string): Promise<ProcessMark> {
  const folder = await makeTempFolder(scope, 'orphan')
  const program = await writeStandInProgram(folder)
  const script = `const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(program)}, 'start-mcp-server'], { stdio: ['pipe', 'pipe', 'ignore'] }); child.stdout.once('data', () => console.log(JSON.stringify({ orphan: child.pid }))); setInterval(() => undefined, 1000)`
  const client = startDrivenProgram(scope, process.execPath, ['-e', script], {
    cwd: folder,
    env: { ...process.env, SERENA_HOME: home, SERENA_DECK_STAND_IN: JSON.stringify(HANGS) },
  })
  const { orphan } = await client.said((message) => 'orphan' in message)
  const mark = markProcess(Number(orphan))
  if (!mark) throw new Error('no orphan')
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  signalProcess(client.mark, 'SIGKILL')
  return mark
}

test('each home by its own setting: entries and zombies here, nothing there; the history tells of it', {
  timeout: 120_000,
}, async () => {
  const [quick, slow] = [await makeTempFolder(scope, 'quick'), await makeTempFolder(scope, 'slow')]
  await writeFile(join(quick, 'serena_config.yml'), 'projects: []\nzombie_prune_minutes: 0.05\n')
  await writeFile(join(slow, 'serena_config.yml'), 'projects: []\nidle_shutdown_minutes: 0\n')
  const dead = await Promise.all([quick, slow].map((home) => writeOwn(home, NOBODYS_PID)))
  const foreign = await writeForeign(quick, [NOBODYS_PID - 1, NOBODYS_PID - 2])
  const orphans = await Promise.all([quick, slow].map(startHungOrphan))
  const hungWithClient = await startTestStandIn(scope, { serenaHome: quick, options: HANGS })
  const hungMark = markProcess(hungWithClient.pid)
  const live = await startTestStandIn(scope, { serenaHome: quick })
  const liveMark = markProcess(live.pid)
  const backend = await startBackend(scope, { homes: [quick, slow] })
  backend.stream()

  await waitUntil('the dead entry to go', () => !existsSync(dead[0] ?? ''), { timeoutMs: 60_000 })
  const ofOthers = (): string[] => pidsIn(foreign).filter((pid) => Number(pid) > NOBODYS_PID - 3)
  await waitUntil('those of the file that nobody writes to go', () => ofOthers().length === 0, {
    timeoutMs: 60_000,
  })
  await waitUntil('the hung orphan to go', () => !isAlive(orphans[0] as ProcessMark), {
    timeoutMs: 90_000,
    everyMs: 200,
  })
  await waitUntil(
    'the one with a client to hang',
    async () =>
      (await backend.call('instances')).instances.filter(({ state }) => state === 'hung').length === 1,
    { timeoutMs: 60_000, everyMs: 500 },
  )
  expect(existsSync(dead[1] ?? '')).toBe(true)
  expect(isAlive(orphans[1] as ProcessMark)).toBe(true)
  expect([hungMark, liveMark].map((mark) => mark !== null && isAlive(mark))).toEqual([true, true])

  const { records } = await backend.call('history')
  const pruned = records.filter(({ by }) => by === 'prune')
  expect(pruned.map(({ pid, event, how }) => [pid, event, how === 'entry-removed']).sort()).toEqual(
    [
      [NOBODYS_PID, 'ended', true],
      [NOBODYS_PID - 1, 'ended', true],
      [NOBODYS_PID - 2, 'ended', true],
      [orphans[0]?.pid, 'ended', false],
    ].sort(),
  )
  for (const { why } of pruned) expect(why[0]).toBeTruthy()
  // What the file of a home says and cannot be used is told.
  const { notices } = await backend.call('instances')
  expect(notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/serena_config\.yml: idle_shutdown_minutes is 0: it must be/) as string,
  ])
})

test('never from a file whose writer lives, and nothing that is not proven', {
  timeout: 60_000,
}, async () => {
  const home = await makeTempFolder(scope, 'home')
  await writeFile(join(home, 'serena_config.yml'), 'zombie_prune_minutes: 0.02\n')
  const writer = await startTestStandIn(scope, { serenaHome: home })
  // The writer is registered there too, and lives.
  const foreign = await writeForeign(home, [NOBODYS_PID, writer.pid])
  const text = readFileSync(foreign, 'utf8').replace(
    /"started_at": [\d.]+/g,
    `"started_at": ${Date.now() / 1000}`,
  )
  await writeFile(foreign, text)
  const foreignNamespace = join(home, 'instances.d', `${NOBODYS_PID - 5}-1.json`)
  await writeOwn(home, NOBODYS_PID - 5)
  const entry = JSON.parse(readFileSync(foreignNamespace, 'utf8')) as object
  await writeFile(foreignNamespace, JSON.stringify({ ...entry, pidNamespace: 'pid:[1]' }))
  const gone = await writeOwn(home, NOBODYS_PID - 6)
  const backend = await startBackend(scope, { homes: [home] })
  await waitUntil('what is proven to go', () => !existsSync(gone), { timeoutMs: 30_000 })
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  await backend.call('sweep')
  expect(readFileSync(foreign, 'utf8')).toBe(text)
  expect(existsSync(foreignNamespace)).toBe(true)
})
