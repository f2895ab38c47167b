// Registry files as people have them: of our own, of three foreign shapes, broken, planted.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cpuTimeMs } from '../lib/cpu-time.fixture.ts'
import { parseForeignRegistry, parseOwnEntry } from './parse-registry.ts'
import { createRegistryReader } from './read-registry.ts'

const RELATIVE = 'test/fixtures/relative'
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-registry-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const read = () => createRegistryReader().read([home])
const place = { file: '/h/instances.json', serenaHome: '/h' }
const foreign = (value: unknown) => parseForeignRegistry(JSON.stringify(value), place)
const own = (change = {}) => ({
  schema: 1,
  pid: 500,
  startedAt: 1000,
  identity: 'b:500:1',
  port: 24282,
  ...change,
})

describe('real files of the most similar program', () => {
  it.each(readdirSync(RELATIVE).filter((name) => name.startsWith('instances-') && name.endsWith('.json')))(
    '%s is read completely',
    (name) => {
      const text = readFileSync(join(RELATIVE, name), 'utf8')
      const expected = Object.keys((JSON.parse(text) as { instances: object }).instances)
      const { entries, problems } = parseForeignRegistry(text, place)
      expect(problems).toEqual([])
      expect(entries.map(({ pid }) => String(pid)).sort()).toEqual(expected.sort())
      expect(entries.every(({ shape }) => shape === 'c')).toBe(true)
    },
  )

  it('reads every fact of an entry', () => {
    const text = readFileSync(join(RELATIVE, 'instances-live-mixed.json'), 'utf8')
    expect(parseForeignRegistry(text, place).entries.find(({ pid }) => pid === 19280)).toEqual({
      ...place,
      shape: 'c',
      pid: 19280,
      port: 24285,
      startedAtMs: 1795382958117,
      identity: null,
      pidNamespace: null,
      projectName: 'blog',
      projectRoot: '/home/ana/projects/blog',
      context: 'agent',
      modes: ['interactive', 'editing'],
      lastSeenAtMs: 1795382958296,
    })
  })

  it('reports a truncated file, and reads the others', async () => {
    copyFileSync(join(RELATIVE, 'instances-truncated.txt'), join(home, 'instances.json'))
    mkdirSync(join(home, 'instances.d'))
    writeFileSync(join(home, 'instances.d', '500-1.json'), JSON.stringify(own()))
    const { entries, problems } = await read()
    expect(entries.map(({ pid }) => pid)).toEqual([500])
    expect(problems).toEqual([
      {
        file: join(home, 'instances.json'),
        text: `${join(home, 'instances.json')} is not JSON. Other entries are not affected.`,
      },
    ])
  })
})

describe('the other shapes', () => {
  it('reads shape a, as a record and as a list, and shape b', () => {
    const a = {
      pid: 500,
      port: 24282,
      project_name: 'x',
      project_root: '/x',
      started_at: '2026-11-23T08:00:00Z',
    }
    expect(foreign({ anything: a }).entries).toMatchObject([
      { shape: 'a', pid: 500, startedAtMs: 1795420800000 },
    ])
    expect(foreign([a]).entries).toMatchObject([{ shape: 'a', projectName: 'x' }])
    expect(foreign([{ pid: 500, last_heartbeat: 1795420800.5 }]).entries).toMatchObject([
      { shape: 'b', lastSeenAtMs: 1795420800500 },
    ])
    expect(foreign({}).entries).toEqual([])
    expect(foreign([]).entries).toEqual([])
  })

  it('bounds the entries of a file, and reports how many it omits', () => {
    const tracked = foreign(Array.from({ length: 5_000 }, (_, i) => ({ pid: i + 2 })))
    expect(tracked.entries).toHaveLength(1_000)
    expect(tracked.problems.map(({ text }) => text)).toEqual([
      '/h/instances.json has 4000 more entries than can be shown. Other entries are not affected.',
    ])
    const broken = foreign({ ['k'.repeat(9_000)]: 1, ...Array(50).fill(0) })
    expect(broken.problems).toHaveLength(6)
    expect(broken.problems.every(({ text }) => text.length < 200)).toBe(true)
    expect(broken.problems.at(-1)?.text).toContain('has 46 more such entries')
  })

  it('rejects an invalid pid', () => {
    const pids = ['', true, [500], '1e1', '500', 0, -1, 1, 1.5, 2 ** 32 + 1, null, {}]
    const { entries, problems } = foreign(pids.map((pid) => ({ pid })))
    expect(entries).toEqual([])
    expect(problems.at(-1)?.text).toContain(`has ${pids.length - 5} more such entries`)
  })

  it('keeps valid entries beside an invalid one, and names that one', () => {
    const { entries, problems } = foreign({ good: { pid: 500 }, bad: 'x', __proto__: { pid: 7 } })
    expect(entries.map(({ pid }) => pid)).toEqual([500])
    expect(problems[0]?.text).toContain('"bad"')
    expect(({} as { pid?: number }).pid).toBeUndefined()
  })

  it.each(['[1', '"x"', '5', 'null', '', ' ', '\0\0\0', '\ufeff{}x'])(
    'reports in one sentence what is wrong with %j',
    (text) => {
      const { entries, problems } = parseForeignRegistry(text, place)
      expect(entries).toEqual([])
      expect(problems).toHaveLength(1)
      expect(problems[0]?.text).toMatch(/^\/h\/instances\.json .*\.$/)
    },
  )

  it('accepts any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseForeignRegistry(text, place)
        parseOwnEntry(text, place)
      }),
    )
  })
})

describe('a broken file', () => {
  const good = JSON.stringify([{ pid: 500, started_at: 1 }])
  it.each([
    ['empty', ''],
    ['cut', good.slice(0, 9)],
    ['full of NUL', '\0'.repeat(4_096)],
    ['of the wrong types', '{"x":{"pid":"500","port":[1]}}'],
    ['of another kind', '"a text"'],
    ['larger than any registry', `[${'{"pid":500},'.repeat(5_000_000)}]`],
  ])('%s: is reported, and the others are read', async (_, text) => {
    writeFileSync(join(home, 'instances.json'), text)
    mkdirSync(join(home, 'instances.d'))
    writeFileSync(join(home, 'instances.d', '500-1.json'), JSON.stringify(own()))
    const { entries, problems } = await read()
    expect(entries.map(({ pid, shape }) => `${pid} ${shape}`)).toEqual(['500 own'])
    expect(problems[0]?.text).toContain('instances.json')
  })

  it('is read with a byte order mark', async () => {
    writeFileSync(join(home, 'instances.json'), `\uFEFF${good}`)
    expect((await read()).entries.map(({ pid }) => pid)).toEqual([500])
  })

  it('has no effect with poisoned keys', async () => {
    writeFileSync(
      join(home, 'instances.json'),
      '{"__proto__":{"pid":500,"started_at":1},"constructor":{"pid":501}}',
    )
    await read()
    expect(({} as Record<string, unknown>)['pid']).toBeUndefined()
  })
})

describe('planted files', () => {
  it('cuts a name to the limit of our own entries', () => {
    const long = 'x'.repeat(3_000_000)
    const row = { pid: 500, started_at: 1, project_name: long, project_root: long, context: long }
    const { entries } = foreign([{ ...row, modes: Array.from({ length: 500 }, () => long.slice(0, 999)) }])
    expect(entries).toHaveLength(1)
    expect(JSON.stringify(entries).length).toBeLessThan(25_000)
  })

  it.each([1e300, -1e300])('rejects %d as a time', (time) => {
    const { entries, problems } = parseOwnEntry(JSON.stringify(own({ startedAt: time })), place)
    expect([entries, problems.length]).toEqual([[], 1])
    const touched = parseOwnEntry(JSON.stringify(own({ updatedAt: time })), place)
    expect(touched.entries.map(({ lastSeenAtMs }) => lastSeenAtMs)).toEqual([null])
  })

  it('reads no entry that is too large', async () => {
    mkdirSync(join(home, 'instances.d'))
    for (let i = 0; i < 300; i++) {
      const file = join(home, 'instances.d', `${i}-1.json`)
      writeFileSync(file, '')
      truncateSync(file, 8 * 1024 * 1024)
    }
    const began = cpuTimeMs()
    const { entries, problems } = await read()
    expect(cpuTimeMs() - began).toBeLessThan(1_000)
    expect(entries).toEqual([])
    expect(problems[0]?.text).toContain('is ignored: it is larger than 64 KiB.')
  })

  it('reports links, FIFOs and folders without reading them', async () => {
    mkdirSync(join(home, 'instances.d', 'folder.json'), { recursive: true })
    const secret = join(home, 'secret')
    writeFileSync(secret, JSON.stringify(own()))
    symlinkSync(secret, join(home, 'instances.d', 'link.json'))
    execFileSync('mkfifo', [join(home, 'instances.json')])
    const began = cpuTimeMs()
    const { entries, problems } = await read()
    expect(cpuTimeMs() - began).toBeLessThan(1_000)
    expect(entries).toEqual([])
    expect(problems.map(({ text }) => text.slice(home.length))).toEqual([
      '/instances.json is ignored: it is not a regular file.',
      '/instances.d/folder.json is ignored: it is not a regular file.',
      '/instances.d/link.json is ignored: it is a symbolic link.',
    ])
  })

  it('finds no entries and no problems in an empty or missing home', async () => {
    expect(await createRegistryReader().read([home, join(home, 'missing')])).toEqual({
      entries: [],
      problems: [],
    })
  })
})

it('returns one entry of a process that is in several files, our own if there is one', async () => {
  mkdirSync(join(home, 'instances.d'))
  writeFileSync(
    join(home, 'instances.d', '500-1.json'),
    JSON.stringify(own({ startedAt: 1_795_420_800_000 })),
  )
  const at = (pid: number, seconds: number) => ({ pid, started_at: seconds })
  writeFileSync(
    join(home, 'instances.json'),
    JSON.stringify([at(500, 1_795_420_801), at(500, 1_795_430_000), at(501, 1)]),
  )
  const { entries } = await read()
  expect(entries.map(({ pid, shape }) => `${pid} ${shape}`)).toEqual(['500 own', '500 a', '501 a'])
})

it('reads a changed file again', async () => {
  const reader = createRegistryReader()
  const write = (pid: number) =>
    writeFileSync(join(home, 'instances.json'), JSON.stringify([{ pid, started_at: pid }]))
  write(500)
  expect((await reader.read([home])).entries.map(({ pid }) => pid)).toEqual([500])
  write(60_001)
  expect((await reader.read([home])).entries.map(({ pid }) => pid)).toEqual([60_001])
})
