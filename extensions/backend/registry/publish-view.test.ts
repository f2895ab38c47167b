// The published view: exactly the shape of the programs that write that file; their entries are kept, and nothing is written while one is running.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createViewPublisher } from './publish-view.ts'
import { createRegistryReader } from './read-registry.ts'
import type { PublishedInstance } from './registry-entry.ts'

const RELATIVE = 'test/fixtures/relative'
const realFiles = readdirSync(RELATIVE).filter((name) => /^instances-.*\.json$/.test(name))
const KEYS = [
  'pid',
  'port',
  'started_at',
  'last_heartbeat',
  'context',
  'modes',
  'project_name',
  'project_root',
  'state',
  'zombie_detected_at',
]
const shop: PublishedInstance = {
  pid: 54321,
  port: 24282,
  startedAtMs: 1_795_420_800_123,
  projectName: 'shop',
  projectRoot: '/shop',
  context: 'agent',
  modes: ['editing'],
  state: 'live',
}

let home = ''
/** Pids that live, of those that others registered. */
let living = new Set<number>()
let clockMs = 0
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-view-'))
  living = new Set()
  clockMs = Date.now()
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const createPublisher = () =>
  createViewPublisher({
    hasExited: () => Promise.resolve(false),
    findRunning: () => Promise.resolve((pid) => living.has(pid)),
    nowMs: () => clockMs,
    ownPid: 77,
  })
const file = () => join(home, 'instances.json')
const publish = (ours: readonly PublishedInstance[], publisher = createPublisher()) =>
  publisher.publish(home, ours)
interface File {
  instances: Record<string, Record<string, unknown>>
  lifecycle_events: unknown[]
}
const published = () => JSON.parse(readFileSync(file(), 'utf8')) as File
/** As a program leaves it that has not written for more than a minute. */
const writeQuietly = (text: string): void => {
  writeFileSync(file(), text)
  const past = (clockMs - 120_000) / 1000
  utimesSync(file(), past, past)
}

describe('the published view', () => {
  it('has exactly the keys of shape c, private, and is not read back', async () => {
    expect(await publish([shop])).toEqual({ kind: 'written' })
    const { instances, ...rest } = published()
    expect(rest).toEqual({ lifecycle_events: [], global_dashboard_pid: null, global_dashboard_port: null })
    expect(Object.keys(instances)).toEqual(['54321'])
    expect(Object.keys(instances['54321'] ?? {})).toEqual(KEYS)
    expect(instances['54321']).toMatchObject({
      started_at: 1_795_420_800.123,
      state: 'live_with_project',
      zombie_detected_at: null,
      project_name: 'shop',
    })
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(await createRegistryReader().read([home])).toEqual({ entries: [], problems: [] })
  })

  it.each([
    ['idle', null, 'live_no_project'],
    ['orphaned', 'shop', 'zombie'],
    ['hung', null, 'zombie'],
  ] as const)('%s with project %s is %s', async (state, projectName, expected) => {
    await publish([{ ...shop, state, projectName }])
    const entry = published().instances['54321']
    expect(entry).toMatchObject({ state: expected, project_name: projectName })
    expect(entry?.['zombie_detected_at'] === null).toBe(expected !== 'zombie')
  })

  it('keeps the time at which a zombie was found', async () => {
    const publisher = createPublisher()
    await publish([{ ...shop, state: 'hung' }], publisher)
    const first = published().instances['54321']?.['zombie_detected_at']
    clockMs += 70_000
    expect(await publish([{ ...shop, state: 'hung' }], publisher)).toEqual({ kind: 'written' })
    expect(published().instances['54321']).toMatchObject({
      zombie_detected_at: first,
      last_heartbeat: clockMs / 1000,
    })
  })

  it('is written after a change, and for a heartbeat per minute', async () => {
    const publisher = createPublisher()
    await publish([shop], publisher)
    expect(await publish([shop], publisher)).toEqual({ kind: 'same' })
    clockMs += 30_000
    expect(await publish([shop], publisher)).toEqual({ kind: 'same' })
    expect(await publish([{ ...shop, projectName: null }], publisher)).toEqual({ kind: 'written' })
    clockMs += 61_000
    expect(await publish([{ ...shop, projectName: null }], publisher)).toEqual({ kind: 'written' })
  })

  it('removes the entry of an exited process, and the file with its last entry', async () => {
    await publish([shop, { ...shop, pid: 501 }])
    await publish([shop])
    expect(Object.keys(published().instances)).toEqual(['54321'])
    expect(await publish([])).toEqual({ kind: 'written' })
    expect(existsSync(file())).toBe(false)
    expect(readdirSync(join(home, 'instances.d'))).toEqual([])
  })

  it('is written again when the file or the whole folder disappears', async () => {
    const publisher = createPublisher()
    await publish([shop], publisher)
    rmSync(file())
    expect(await publish([shop], publisher)).toEqual({ kind: 'written' })
    rmSync(join(home, 'instances.d'), { recursive: true })
    rmSync(file())
    expect(await publish([shop], publisher)).toEqual({ kind: 'written' })
    expect(Object.keys(published().instances)).toEqual(['54321'])
  })

  it('writes no file when there are no instances', async () => {
    expect(await publish([])).toEqual({ kind: 'same' })
    expect(readdirSync(home)).toEqual([])
  })

  it('takes over from a backend that was killed', async () => {
    await publish([shop])
    expect(await publish([{ ...shop, pid: 502 }])).toEqual({ kind: 'written' })
    expect(Object.keys(published().instances)).toEqual(['502'])
  })
})

describe('entries of other programs', () => {
  it.each(realFiles)('%s: keeps foreign entries when publishing', async (name) => {
    copyFileSync(join(RELATIVE, name), file())
    const text = readFileSync(file(), 'utf8')
    writeQuietly(text)
    expect(await publish([shop])).toEqual({ kind: 'written' })
    const before = JSON.parse(text) as File
    const { '54321': ours, ...theirs } = published().instances
    expect(theirs).toEqual(before.instances)
    expect(Object.keys(ours ?? {})).toEqual(KEYS)
    expect({ ...published(), instances: null }).toEqual({ ...before, instances: null })
    // Ours go, theirs stay, to the byte of their facts.
    await publish([])
    expect(published()).toEqual(before)
  })

  it.each(realFiles.filter((name) => readFileSync(join(RELATIVE, name), 'utf8').includes('"pid"')))(
    '%s: is read-only while one of them is running',
    async (name) => {
      const text = readFileSync(join(RELATIVE, name), 'utf8')
      const pids = Object.keys((JSON.parse(text) as File).instances).map(Number)
      if (pids.length === 0) return
      writeQuietly(text)
      living = new Set(pids.slice(-1))
      const outcome = await publish([shop])
      expect(outcome.kind).toBe('left')
      expect(outcome).toMatchObject({ why: expect.stringContaining(`process ${pids.at(-1)}`) as string })
      expect(readFileSync(file(), 'utf8')).toBe(text)
    },
  )

  it('are read-only while their dashboard runs, or shortly after a write', async () => {
    const empty = {
      instances: {},
      lifecycle_events: [],
      global_dashboard_pid: 900,
      global_dashboard_port: 25282,
    }
    writeQuietly(JSON.stringify(empty))
    living.add(900)
    expect(await publish([shop])).toMatchObject({ kind: 'left' })
    living.clear()
    writeFileSync(file(), JSON.stringify(empty))
    expect(await publish([shop])).toMatchObject({ kind: 'left' })
    clockMs += 70_000
    expect(await publish([shop])).toEqual({ kind: 'written' })
  })

  it('are kept when another program has rewritten the file with our entries', async () => {
    await publish([shop])
    const view = published()
    const other = { ...view.instances['54321'], pid: 600, started_at: 1 }
    writeFileSync(file(), JSON.stringify({ ...view, instances: { ...view.instances, '600': other } }))
    living.add(600)
    expect(await publish([])).toMatchObject({ kind: 'left' })
    living.clear()
    clockMs += 70_000
    expect(await publish([])).toEqual({ kind: 'written' })
    expect(Object.keys(published().instances)).toEqual(['600'])
  })

  it.each([
    ['shape a', '{"x":{"pid":500,"port":1}}'],
    ['shape b', '[{"pid":500,"last_heartbeat":1}]'],
    ['a cut file', readFileSync(join(RELATIVE, 'instances-truncated.txt'), 'utf8')],
    ['an empty file', ''],
    [
      'a key more',
      '{"instances":{},"lifecycle_events":[],"global_dashboard_pid":null,"global_dashboard_port":null,"x":1}',
    ],
    [
      'a key that is no pid',
      '{"instances":{"x":{"pid":1,"started_at":1}},"lifecycle_events":[],"global_dashboard_pid":null,"global_dashboard_port":null}',
    ],
  ])('%s is not overwritten', async (_, text) => {
    writeQuietly(text)
    expect(await publish([shop])).toMatchObject({ kind: 'left' })
    expect(readFileSync(file(), 'utf8')).toBe(text)
  })

  it('a link in its place is not followed', async () => {
    const victim = join(home, 'victim')
    writeFileSync(victim, 'precious')
    symlinkSync(victim, file())
    expect(await publish([shop])).toMatchObject({ kind: 'left' })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  it('reports why the file cannot be written', async () => {
    chmodSync(home, 0o777)
    expect(await publish([shop])).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('all users can write to it') as string,
    })
  })
})

describe('entries of other programs whose process has exited', () => {
  const text = (name: string): string => readFileSync(join(RELATIVE, name), 'utf8')
  const mixed = 'instances-live-mixed.json'
  const entriesOf = (): { pid: number; startedAtMs: number | null }[] =>
    Object.values(published().instances).map(({ pid, started_at }) => ({
      pid: Number(pid),
      startedAtMs: Math.round(Number(started_at) * 1000),
    }))

  it('are removed one by one, with everything else unchanged', async () => {
    writeQuietly(text(mixed))
    const publisher = createPublisher()
    const before = published()
    const [first, ...others] = entriesOf()
    if (!first) throw new Error('an empty recording')
    expect(await publisher.whyReadOnly(home)).toBeNull()
    expect(await publisher.removeDead(home, first)).toBeNull()
    const { [String(first.pid)]: _gone, ...stays } = before.instances
    expect(published()).toEqual({ ...before, instances: stays })
    // Again, and one that was never there: nothing to do.
    const { mtimeMs } = statSync(file())
    expect(await publisher.removeDead(home, first)).toBeNull()
    expect(await publisher.removeDead(home, { ...first, pid: 1 })).toBeNull()
    expect(statSync(file()).mtimeMs).toBe(mtimeMs)
    for (const entry of others) await publisher.removeDead(home, entry)
    expect(published()).toEqual({ ...before, instances: {} })
  })

  it('are kept if the pid was reused, or the start is another one', async () => {
    writeQuietly(text(mixed))
    const [first] = entriesOf()
    if (!first) throw new Error('an empty recording')
    const publisher = createPublisher()
    const before = published()
    expect(
      await publisher.removeDead(home, { ...first, startedAtMs: (first.startedAtMs ?? 0) - 5000 }),
    ).toBeNull()
    expect(await publisher.removeDead(home, { ...first, startedAtMs: null })).toBeNull()
    expect(published()).toEqual(before)
  })

  it('are kept while another one runs, while the file is new, and in a torn file', async () => {
    writeQuietly(text(mixed))
    const [first, second] = entriesOf()
    if (!first || !second) throw new Error('an empty recording')
    const before = readFileSync(file(), 'utf8')
    living.add(second.pid)
    const publisher = createPublisher()
    expect(await publisher.removeDead(home, first)).toContain(`process ${second.pid}`)
    living.clear()
    utimesSync(file(), clockMs / 1000, clockMs / 1000)
    expect(await publisher.removeDead(home, first)).toContain('less than a minute ago')
    expect(readFileSync(file(), 'utf8')).toBe(before)
    writeQuietly(before.slice(0, -20))
    expect(await publisher.removeDead(home, first)).not.toBeNull()
    expect(await publisher.whyReadOnly(home)).not.toBeNull()
    expect(readFileSync(file(), 'utf8')).toBe(before.slice(0, -20))
  })

  it('are removed without our own entries', async () => {
    writeQuietly(text(mixed))
    const publisher = createPublisher()
    await publish([shop], publisher)
    const [first] = entriesOf().filter(({ pid }) => pid !== shop.pid)
    if (!first) throw new Error('an empty recording')
    expect(await publisher.removeDead(home, first)).toBeNull()
    expect(published().instances).toHaveProperty(String(shop.pid))
    // It is still known as ours: it goes when its instance goes.
    await publish([], publisher)
    expect(published().instances).not.toHaveProperty(String(shop.pid))
  })

  it('are not removed through a link', async () => {
    const victim = join(home, 'victim')
    writeFileSync(victim, text(mixed))
    symlinkSync(victim, file())
    expect(await createPublisher().removeDead(home, { pid: 1, startedAtMs: 1 })).toContain('link')
    expect(readFileSync(victim, 'utf8')).toBe(text(mixed))
  })
})
