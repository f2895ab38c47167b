// Pruning of real files and processes: by the setting of each home, only with proof, never in a file that another program writes.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StandInInput } from '../../extensions/backend/demo/stand-in-options.ts'
import { startBackend } from '../helpers/backend.ts'
import { startOrphan } from '../helpers/orphan.ts'
import { isAlive, markProcess, type ProcessMark } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerFile } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerFile()
/** No process has this pid: the kernel's limit is lower. */
const UNUSED_PID = 4_194_300
const HANGS: StandInInput = { hangsAfterMs: 0, hangsAfterAnswers: 4, ignoresEndOfInput: true }

async function writeOwn(home: string, pid: number, startedAt = 1): Promise<string> {
  const file = join(home, 'instances.d', `${pid}-${startedAt}.json`)
  await mkdir(join(home, 'instances.d'), { recursive: true })
  const entry = { schema: 1, pid, startedAt, identity: `boot:${pid}:1`, pidNamespace: null, port: null }
  await writeFile(file, JSON.stringify({ ...entry, project: null, context: null, modes: [], updatedAt: 1 }))
  return file
}

/** `instances.json` of a program that writes shape c, last written two minutes ago. */
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

const startHungOrphan = (home: string): Promise<ProcessMark> => startOrphan(scope, { home, options: HANGS })

test.concurrent('prunes entries and zombies by the setting of each home, and records it in the history', async () => {
  const [quick, slow] = [await makeTempFolder(scope, 'quick'), await makeTempFolder(scope, 'slow')]
  await writeFile(join(quick, 'serena_config.yml'), 'projects: []\nzombie_prune_minutes: 0.05\n')
  await writeFile(join(slow, 'serena_config.yml'), 'projects: []\nidle_shutdown_minutes: 0\n')
  const dead = await Promise.all([quick, slow].map((home) => writeOwn(home, UNUSED_PID)))
  const foreign = await writeForeign(quick, [UNUSED_PID - 1, UNUSED_PID - 2])
  const orphans = await Promise.all([quick, slow].map(startHungOrphan))
  const hungWithClient = await startTestStandIn(scope, { serenaHome: quick, options: HANGS })
  const hungMark = markProcess(hungWithClient.pid)
  const live = await startTestStandIn(scope, { serenaHome: quick })
  const liveMark = markProcess(live.pid)
  const backend = await startBackend(scope, { homes: [quick, slow] })
  backend.stream()

  await waitUntil('the dead entry to be removed', () => !existsSync(dead[0] ?? ''), { timeoutMs: 60_000 })
  const deadForeign = (): string[] => pidsIn(foreign).filter((pid) => Number(pid) > UNUSED_PID - 3)
  await waitUntil(
    'the entries in the file without a writer to be removed',
    () => deadForeign().length === 0,
    {
      timeoutMs: 60_000,
    },
  )
  await waitUntil('the hung orphan to be removed', () => !isAlive(orphans[0] as ProcessMark), {
    timeoutMs: 90_000,
    everyMs: 200,
  })
  await waitUntil(
    'the one with a client to be hung',
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
      [UNUSED_PID, 'ended', true],
      [UNUSED_PID - 1, 'ended', true],
      [UNUSED_PID - 2, 'ended', true],
      [orphans[0]?.pid, 'ended', false],
    ].sort(),
  )
  for (const { why } of pruned) expect(why[0]).toBeTruthy()
  // An unusable value in the file of a home is reported.
  const { notices } = await backend.call('instances')
  expect(notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/serena_config\.yml: idle_shutdown_minutes is 0: it must be/) as string,
  ])
})

test.concurrent('keeps entries of a running writer, and entries that cannot be judged', async () => {
  const home = await makeTempFolder(scope, 'home')
  await writeFile(join(home, 'serena_config.yml'), 'zombie_prune_minutes: 0.02\n')
  const writer = await startTestStandIn(scope, { serenaHome: home })
  // The writer is registered in it as well, and is running.
  const foreign = await writeForeign(home, [UNUSED_PID, writer.pid])
  const text = readFileSync(foreign, 'utf8').replace(
    /"started_at": [\d.]+/g,
    `"started_at": ${Date.now() / 1000}`,
  )
  await writeFile(foreign, text)
  const foreignNamespace = join(home, 'instances.d', `${UNUSED_PID - 5}-1.json`)
  await writeOwn(home, UNUSED_PID - 5)
  const entry = JSON.parse(readFileSync(foreignNamespace, 'utf8')) as object
  await writeFile(foreignNamespace, JSON.stringify({ ...entry, pidNamespace: 'pid:[1]' }))
  const gone = await writeOwn(home, UNUSED_PID - 6)
  await startBackend(scope, { homes: [home] })
  await waitUntil('the proven dead entry to be removed', () => !existsSync(gone))
  // Wait for a later entry to be pruned: then all earlier ones were judged.
  const late = await writeOwn(home, UNUSED_PID - 7)
  await waitUntil('the later entry to be removed', () => !existsSync(late))
  expect(readFileSync(foreign, 'utf8')).toBe(text)
  expect(existsSync(foreignNamespace)).toBe(true)
})
