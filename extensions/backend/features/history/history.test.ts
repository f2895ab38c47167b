// The keeper on real files: restarts, torn lines, strange lines, one instance's part, and a file that cannot be written.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Instance } from '#contract/instance'
import { createHistoryFile } from '../../os/history-file.ts'
import { createHistory, type HistoryKeeper } from './history.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let news = 0
const start = (): HistoryKeeper =>
  createHistory({
    isLauncher: () => false,
    file: createHistoryFile({ folder, isGone: () => Promise.resolve(false) }),
    nowMs: () => Date.parse('2026-03-07T12:00:00.000Z'),
    onNews: () => news++,
  })

const instanceOf = (pid: number, more: Partial<Instance> = {}): Instance => ({
  id: `${pid}-${'0'.repeat(12)}`,
  pid,
  startedAt: '2026-03-07T10:00:00.000Z',
  port: null,
  title: `${pid} - shop`,
  state: 'live',
  colour: 'green',
  flags: [],
  verdict: { certainty: 'certain', evidence: ['So it is.'] },
  project: null,
  context: null,
  modes: [],
  transport: 'stdio',
  serenaVersion: null,
  owner: null,
  memoryBytes: null,
  memoryKind: null,
  cpuPercent: null,
  processCount: 1,
  lastActivityAt: null,
  sources: ['process'],
  ...more,
})

const all = { about: null, limit: 100 }
const path = (): string => join(folder, 'history.jsonl')

it('is not held up by a file full of lines that are no records', async () => {
  writeFileSync(path(), '{"schema":1}\n'.repeat(150_000))
  const one = start()
  const began = performance.now()
  one.begin([instanceOf(1)])
  const { records } = await one.list(all)
  expect(performance.now() - began).toBeLessThan(3_000)
  expect(records.map(({ pid }) => pid)).toEqual([1])
})

it('survives restarts, torn lines and lines of others', async () => {
  const first = start()
  first.begin([instanceOf(1), instanceOf(2)])
  await first.flush()
  appendFileSync(path(), '{"schema":2,"at":"later"}\nnot json\n[]\n{"schema":1,"at":"2026')
  const second = start()
  second.begin([instanceOf(2), instanceOf(3)])
  const { records } = await second.list(all)
  expect(records.map(({ event, pid }) => [event, pid])).toEqual([
    ['started', 1],
    ['started', 2],
    ['gone', 1],
    ['started', 3],
  ])
  expect(readFileSync(path(), 'utf8')).toContain('not json\n')
})

it('writes nothing before it has begun but endings, and begins once', async () => {
  const keeper = start()
  keeper.apply({
    sweptAt: '',
    changed: [instanceOf(1)],
    removed: [],
    passed: [],
    notices: null,
    serenaHomes: null,
  })
  const one = instanceOf(1)
  const ended = [
    { id: one.id, title: one.title, how: 'force' as const, processes: 1, freedBytes: 0, launch: null },
  ]
  await keeper.whileEnding([one], 'command-line', () =>
    Promise.resolve({ schema: 1, ended, refused: [], survivors: [] }),
  )
  keeper.begin([])
  keeper.begin([instanceOf(4)])
  expect((await keeper.list(all)).records.map(({ event, by }) => [event, by])).toEqual([
    ['ended', 'command-line'],
  ])
})

it('an ending that throws leaves no trace, and throws on', async () => {
  const keeper = start()
  const failing = keeper.whileEnding([instanceOf(1)], 'page', () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect((await keeper.list(all)).records).toEqual([])
})

it('tells of one instance, under each of its ids, and how many there are', async () => {
  const keeper = start()
  keeper.begin([instanceOf(1), instanceOf(2)])
  const entry = instanceOf(1, { id: '1-111111111111', state: 'dead', colour: 'red', sources: ['registry'] })
  keeper.apply({
    sweptAt: '',
    changed: [entry],
    removed: [instanceOf(1).id],
    passed: [],
    notices: null,
    serenaHomes: null,
  })
  const { records, hasMore } = await keeper.list({ about: entry.id, limit: 100 })
  expect(records.map(({ event }) => event)).toEqual(['started', 'gone', 'turned-red'])
  expect(hasMore).toBe(false)
  const newest = await keeper.list({ about: entry.id, limit: 1 })
  expect([newest.records.map(({ event }) => event), newest.hasMore]).toEqual([['turned-red'], true])
  expect((await keeper.list({ about: '9-000000000000', limit: 100 })).records).toEqual([])
})

it.runIf(process.platform !== 'win32')('says that it cannot be written, until it can', async () => {
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'mine')
  symlinkSync(victim, path())
  const keeper = start()
  keeper.begin([instanceOf(1)])
  await keeper.flush()
  expect(keeper.notices()[0]?.text).toMatch(/^The history is not written: /)
  expect(news).toBeGreaterThan(0)
  expect(readFileSync(victim, 'utf8')).toBe('mine')
  rmSync(path())
  keeper.apply({
    sweptAt: '',
    changed: [instanceOf(2)],
    removed: [],
    passed: [],
    notices: null,
    serenaHomes: null,
  })
  await keeper.flush()
  expect(keeper.notices()).toEqual([])
  expect((await keeper.list(all)).records.map(({ pid }) => pid)).toEqual([2])
})
