// The table of `list`: aligned, worded, colored only when asked, and inert against hostile names.

import { expect, test } from 'vitest'
import { type Instance, type InstanceList, type State } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { formatAge, listText, statusText } from './list-text.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const instanceOf = (pid: number, state: State, name: string, more: Partial<Instance> = {}) =>
  instance(pid, {
    startedAt: '2026-11-23T10:00:00Z',
    title: `${pid} - ${name}`,
    state,
    project: { name, path: `/srv/${name}` },
    context: 'ide',
    modes: ['editing'],
    owner: { pid: 7, name: 'Claude Code', detail: null },
    cpuPercent: 1.2,
    processCount: 4,
    ...more,
  })
const list = (...instances: Instance[]): InstanceList => ({
  schema: 1,
  sweptAt: '2026-11-23T12:00:00Z',
  serenaHomes: ['/home/ana/.serena'],
  instances,
  notices: [{ id: 'x', level: 'warning', text: 'instances.json does not parse' }],
})

test('lists other Serena processes below the instances, also without instances', () => {
  const helper = {
    pid: 4711,
    kind: 'indexing' as const,
    title: 'Indexing shop\u001b[31m',
    startedAt: '2026-11-23T11:59:00Z',
    memoryBytes: 90e6,
    cpuPercent: 87,
    processCount: 2,
  }
  const options = { hasColours: false, nowMs: NOW }
  expect(listText({ ...list(), notices: [], helperProcesses: [helper] }, options)).toMatchInlineSnapshot(`
    "No Serena instances are running.
    Homes: /home/ana/.serena

    PID   OTHER SERENA PROCESSES     MEMORY   CPU    AGE
    4711  Indexing shop\\u{001B}[31m   90 MB  87 %  1 min
    "
  `)
  const text = listText({ ...list(instanceOf(24284, 'live', 'shop')), helperProcesses: [helper] }, options)
  expect(text.split('\n').slice(2, -2)).toMatchInlineSnapshot(`
    [
      "",
      "1 instance, 612 MB",
      "",
      "PID   OTHER SERENA PROCESSES     MEMORY   CPU    AGE",
      "4711  Indexing shop\\u{001B}[31m   90 MB  87 %  1 min",
    ]
  `)
})

test('aligns columns, names states by mark and word, and gives the reason of a red one', () => {
  const dead = instanceOf(9, 'dead', 'old-thing', {
    memoryBytes: null,
    cpuPercent: null,
    owner: null,
    port: null,
    verdict: { certainty: 'certain', evidence: ['Its process has exited.'] },
  })
  const text = listText(list(instanceOf(24284, 'live', 'shop'), dead), { hasColours: false, nowMs: NOW })
  expect(text).toMatchInlineSnapshot(`
    "STATE   TITLE          MEMORY  CPU  AGE  VERSION  PORT    OWNER
    ● live  24284 - shop   612 MB  1 %  2 h  2.1.0    :24282  Claude Code (pid 7)
    ✕ dead  9 - old-thing       -    -  2 h  2.1.0    -       -
        Its process has exited.

    2 instances, 612 MB
    warning: instances.json does not parse
    "
  `)
})

test('wide characters keep the columns aligned', () => {
  const lines = listText(list(instanceOf(1, 'live', '日本'), instanceOf(2, 'live', 'abcd')), {
    hasColours: false,
    nowMs: NOW,
  }).split('\n')
  expect(lines[1]?.indexOf('612')).toBe((lines[2]?.indexOf('612') ?? 0) - 2)
})

test('colors the mark and the word only when asked, and escapes color codes from outside', () => {
  const hostile = instanceOf(5, 'live', 'x\u001B[31m\u202Egpj\r\n')
  const plain = listText(list(hostile), { hasColours: false, nowMs: NOW })
  expect(plain).not.toMatch(/[\u001B\u202E\r]/)
  expect(plain).toContain('x\\u{001B}[31m\\u{202E}gpj')
  const coloured = listText(list(hostile), { hasColours: true, nowMs: NOW })
  expect(coloured).toContain('\u001B[32m● live\u001B[39m')
  expect(coloured.split('\u001B')).toHaveLength(3)
})

test('an empty list names the homes that were scanned', () => {
  expect(listText(list(), { hasColours: false, nowMs: NOW })).toBe(
    'No Serena instances are running.\nHomes: /home/ana/.serena\nwarning: instances.json does not parse\n',
  )
})

test('prints one instance with one fact per line', () => {
  const text = statusText(instanceOf(24284, 'live', 'shop'), NOW)
  expect(text).toContain('state        ● live (certain)\nbecause      It answers.\n')
  expect(text).toContain('memory       612 MB (pss, whole tree)\n')
  expect(text).toContain('last active  -\n')
  const active = instanceOf(24284, 'live', 'shop', { lastActivityAt: '2026-11-23T11:56:00.000Z' })
  expect(statusText(active, NOW)).toContain('last active  4 min ago (2026-11-23T11:56:00.000Z)\n')
})

test('a flag with a note has a line with its advice, and nothing is repeated', () => {
  const text = '9 - shop works on the same project.'
  const note = {
    flag: 'collision' as const,
    text,
    more: '',
    advice: 'End 9 - shop.',
    others: ['9'],
    unused: '9',
  }
  const flagged = instanceOf(24284, 'live', 'shop', {
    flags: ['collision'],
    flagNotes: [note],
    verdict: { certainty: 'certain', evidence: ['It answers.', text] },
  })
  const lines = statusText(flagged, NOW).split('\n')
  expect(lines).toContain('collision    9 - shop works on the same project. End 9 - shop.')
  expect(lines.filter((line) => line.startsWith('because'))).toEqual(['because      It answers.'])
})

test.each([
  [null, '-'],
  ['2026-11-23T12:00:09Z', '0 s'],
  ['2026-11-23T11:59:01Z', '59 s'],
  ['2026-11-23T11:58:59Z', '1 min'],
  ['2026-11-20T11:00:00Z', '3 d'],
])('started at %s is %s old', (startedAt, text) => {
  expect(formatAge(startedAt, NOW)).toBe(text)
})

const codex = { pid: 70, name: 'Codex', detail: '~/big, since 09:00' }
/** Started at 10:00; one of them was used at 11:30. */
const manyOf = (count: number, more: Partial<Instance> = {}): Instance[] =>
  Array.from({ length: count }, (_, at) =>
    instanceOf(100 + at, 'live', 'big', {
      owner: codex,
      flags: ['collision', 'duplicate'],
      lastActivityAt: at === 0 ? '2026-11-23T11:30:00Z' : '2026-11-23T10:00:02Z',
      memoryBytes: 100e6,
      ...more,
    }),
  )

test('many instances of one client on one project are one row, with the number of those never used', () => {
  const shop = instanceOf(24284, 'live', 'shop')
  const text = listText(list(...manyOf(28), shop), { hasColours: false, nowMs: NOW })
  expect(text).toMatchInlineSnapshot(`
    "STATE                       TITLE                               MEMORY   CPU  AGE  VERSION  PORT    OWNER
    ● live collision duplicate  28 × Codex for big · 27 never used  2.8 GB  34 %  2 h  2.1.0    -       Codex in ~/big, since 09:00 (pid 70)
    ● live                      24284 - shop                        612 MB   1 %  2 h  2.1.0    :24282  Claude Code (pid 7)

    29 instances, 3.4 GB (list --all prints each instance of a group)
    warning: instances.json does not parse
    "
  `)
  const whole = listText(list(...manyOf(28), shop), { hasColours: false, nowMs: NOW, isWhole: true })
  expect(whole.split('\n').filter((line) => line.includes(' - big'))).toHaveLength(28)
})

test('a group hides no instance that needs attention', () => {
  const orphan = instanceOf(7, 'orphaned', 'big', { owner: codex })
  const left = instanceOf(8, 'live', 'big', { owner: codex, flags: ['probably-orphaned'] })
  const other = instanceOf(9, 'live', 'big', { owner: { ...codex, pid: 71 } })
  const text = listText(list(...manyOf(200), orphan, left, other), { hasColours: false, nowMs: NOW })
  expect(text).toContain('200 × Codex for big · 199 never used')
  for (const pid of [7, 8, 9]) expect(text).toContain(`${pid} - big`)
  const few = listText(list(...manyOf(4)), { hasColours: false, nowMs: NOW })
  expect(few).not.toContain('×')
  // Where the log is not known, nothing is called unused; names of others show what they hide.
  const unknown = listText(
    list(...manyOf(6, { lastActivityAt: null, project: { name: 'b\u001B[31mig', path: null } })),
    { hasColours: false, nowMs: NOW },
  )
  expect(unknown).toMatch(/6 × Codex for b\S+ig /)
  expect(unknown).not.toContain('never used')
  expect(unknown).not.toContain('\u001B')
})

test('says since when an instance has had no MCP message, from an hour on', () => {
  const quiet = instanceOf(5, 'live', 'old', {
    startedAt: '2026-11-23T05:00:00Z',
    lastActivityAt: '2026-11-23T07:00:00Z',
  })
  const text = (change: Partial<Instance>): string =>
    listText(list({ ...quiet, ...change }), { hasColours: false, nowMs: NOW })
  expect(text({})).toContain('Claude Code (pid 7) · no MCP message for 5 h')
  expect(statusText(quiet, NOW)).toMatch(/^use +no MCP message for 5 h$/m)
  expect(text({ lastActivityAt: '2026-11-23T11:30:00Z' })).not.toContain('MCP message')
  // The backend says that it is at work, or has seen use that the log does not show.
  expect(text({ quietSince: null })).not.toContain('MCP message')
  expect(text({ quietSince: '2026-11-23T09:00:00Z' })).toContain('no MCP message for 3 h')
  expect(text({ state: 'unknown' })).not.toContain('MCP message')
})
