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

describe('real files of the nearest relative', () => {
  it.each(readdirSync(RELATIVE).filter((name) => name.startsWith('instances-') && name.endsWith('.json')))(
    '%s is read whole',
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

  it('names a cut file and loses nothing else', async () => {
    copyFileSync(join(RELATIVE, 'instances-truncated.txt'), join(home, 'instances.json'))
    mkdirSync(join(home, 'instances.d'))
    writeFileSync(join(home, 'instances.d', '500-1.json'), JSON.stringify(own()))
    const { entries, problems } = await read()
    expect(entries.map(({ pid }) => pid)).toEqual([500])
    expect(problems).toEqual([
      {
        file: join(home, 'instances.json'),
        text: `${join(home, 'instances.json')} is not JSON; nothing else is lost.`,
      },
    ])
  })
})

describe('the other shapes', () => {
  it('reads a, as a record and as a list, and b', () => {
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

  it('bounds what a file may show, and says how much it left out', () => {
    const crowd = foreign(Array.from({ length: 5_000 }, (_, i) => ({ pid: i + 2 })))
    expect(crowd.entries).toHaveLength(1_000)
    expect(crowd.problems.map(({ text }) => text)).toEqual([
      '/h/instances.json holds 4000 entries more than can be shown; nothing else is lost.',
    ])
    const broken = foreign({ ['k'.repeat(9_000)]: 1, ...Array(50).fill(0) })
    expect(broken.problems).toHaveLength(6)
    expect(broken.problems.every(({ text }) => text.length < 200)).toBe(true)
    expect(broken.problems.at(-1)?.text).toContain('holds 46 more such')
  })

  it('never takes a pid that is none', () => {
    const pids = ['', true, [500], '1e1', '500', 0, -1, 1, 1.5, 2 ** 32 + 1, null, {}]
    const { entries, problems } = foreign(pids.map((pid) => ({ pid })))
    expect(entries).toEqual([])
    expect(problems.at(-1)?.text).toContain(`holds ${pids.length - 5} more such`)
  })

  it('keeps the good entries beside a bad one, and names the bad one', () => {
    const { entries, problems } = foreign({ good: { pid: 500 }, bad: 'x', __proto__: { pid: 7 } })
    expect(entries.map(({ pid }) => pid)).toEqual([500])
    expect(problems[0]?.text).toContain('"bad"')
    expect(({} as { pid?: number }).pid).toBeUndefined()
  })

  it.each(['[1', '"x"', '5', 'null', '', ' ', '\0\0\0', '\ufeff{}x'])(
    'says of %j in a sentence what is wrong',
    (text) => {
      const { entries, problems } = parseForeignRegistry(text, place)
      expect(entries).toEqual([])
      expect(problems).toHaveLength(1)
      expect(problems[0]?.text).toMatch(/^\/h\/instances\.json .*\.$/)
    },
  )

  it('crashes on nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseForeignRegistry(text, place)
        parseOwnEntry(text, place)
      }),
    )
  })
})

describe('F13: a file that is broken in some way', () => {
  const good = JSON.stringify([{ pid: 500, started_at: 1 }])
  it.each([
    ['empty', ''],
    ['cut', good.slice(0, 9)],
    ['full of NUL', '\0'.repeat(4_096)],
    ['of the wrong types', '{"x":{"pid":"500","port":[1]}}'],
    ['of another kind', '"a text"'],
    ['larger than any registry', `[${'{"pid":500},'.repeat(5_000_000)}]`],
  ])('%s: is named, and the others load', async (_, text) => {
    writeFileSync(join(home, 'instances.json'), text)
    mkdirSync(join(home, 'instances.d'))
    writeFileSync(join(home, 'instances.d', '500-1.json'), JSON.stringify(own()))
    const { entries, problems } = await read()
    expect(entries.map(({ pid, shape }) => `${pid} ${shape}`)).toEqual(['500 own'])
    expect(problems[0]?.text).toContain('instances.json')
  })

  it('with a byte order mark in front it is read', async () => {
    writeFileSync(join(home, 'instances.json'), `\uFEFF${good}`)
    expect((await read()).entries.map(({ pid }) => pid)).toEqual([500])
  })

  it('with poisoned keys it poisons nothing', async () => {
    writeFileSync(
      join(home, 'instances.json'),
      '{"__proto__":{"pid":500,"started_at":1},"constructor":{"pid":501}}',
    )
    await read()
    expect(({} as Record<string, unknown>)['pid']).toBeUndefined()
  })
})

describe('files that somebody planted', () => {
  it('takes no more of a name than an entry of ours may have', () => {
    const long = 'x'.repeat(3_000_000)
    const row = { pid: 500, started_at: 1, project_name: long, project_root: long, context: long }
    const { entries } = foreign([{ ...row, modes: Array.from({ length: 500 }, () => long.slice(0, 999)) }])
    expect(entries).toHaveLength(1)
    expect(JSON.stringify(entries).length).toBeLessThan(25_000)
  })

  it.each([1e300, -1e300])('takes no %d for a time: no list could show it', (time) => {
    const { entries, problems } = parseOwnEntry(JSON.stringify(own({ startedAt: time })), place)
    expect([entries, problems.length]).toEqual([[], 1])
    const touched = parseOwnEntry(JSON.stringify(own({ updatedAt: time })), place)
    expect(touched.entries.map(({ lastSeenAtMs }) => lastSeenAtMs)).toEqual([null])
  })

  it('reads no entry that is far larger than one, however many there are', async () => {
    mkdirSync(join(home, 'instances.d'))
    for (let i = 0; i < 300; i++) {
      const file = join(home, 'instances.d', `${i}-1.json`)
      writeFileSync(file, '')
      truncateSync(file, 8 * 1024 * 1024)
    }
    const began = performance.now()
    const { entries, problems } = await read()
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(entries).toEqual([])
    expect(problems[0]?.text).toContain('is left out: it is larger than 64 KiB.')
  })

  it('follows no link, waits for no FIFO, reads no folder, and says so', async () => {
    mkdirSync(join(home, 'instances.d', 'folder.json'), { recursive: true })
    const secret = join(home, 'secret')
    writeFileSync(secret, JSON.stringify(own()))
    symlinkSync(secret, join(home, 'instances.d', 'link.json'))
    execFileSync('mkfifo', [join(home, 'instances.json')])
    const began = performance.now()
    const { entries, problems } = await read()
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(entries).toEqual([])
    expect(problems.map(({ text }) => text.slice(home.length))).toEqual([
      '/instances.json is left out: it is not a regular file.',
      '/instances.d/folder.json is left out: it is not a regular file.',
      '/instances.d/link.json is left out: it is a symbolic link.',
    ])
  })

  it('finds nothing and complains of nothing in an empty or missing home', async () => {
    expect(await createRegistryReader().read([home, join(home, 'missing')])).toEqual({
      entries: [],
      problems: [],
    })
  })
})

it('takes the same process in several files of one home for one, and keeps our own entry', async () => {
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

it('sees a change of the file', async () => {
  const reader = createRegistryReader()
  const write = (pid: number) =>
    writeFileSync(join(home, 'instances.json'), JSON.stringify([{ pid, started_at: pid }]))
  write(500)
  expect((await reader.read([home])).entries.map(({ pid }) => pid)).toEqual([500])
  write(60_001)
  expect((await reader.read([home])).entries.map(({ pid }) => pid)).toEqual([60_001])
})
