// The history on real files: restarts, torn lines, foreign lines, one instance, other writers, and a file that cannot be written.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyLines } from '#contract/history'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { createHistory, type HistoryKeeper } from './history.ts'
import { createHistoryFile, type HistoryFile } from './history-file.ts'
import { recordOf } from './history-record.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let news = 0
const openFile = (): HistoryFile => createHistoryFile({ folder, hasExited: () => Promise.resolve(false) })
const start = (file = openFile()): HistoryKeeper =>
  createHistory({
    isLauncher: () => false,
    file,
    nowMs: () => Date.parse('2026-03-07T12:00:00.000Z'),
    onNews: () => news++,
  })

const instanceOf = (pid: number, more: Partial<Instance> = {}) =>
  instance(pid, { startedAt: '2026-03-07T10:00:00.000Z', ...more })

const all = { about: null, limit: 100 }
const NO_CHANGES = { sweptAt: '', changed: [], removed: [], handovers: [], notices: null, serenaHomes: null }
const path = (): string => join(folder, 'history.jsonl')

it('parses only the newest lines of a file full of lines that are not records', async () => {
  const old = historyLines([recordOf('started', instanceOf(9), 0, { why: [] })])
  writeFileSync(path(), old + '{"schema":1}\n'.repeat(20_000))
  const one = start()
  one.begin([instanceOf(1)])
  const { records } = await one.list(all)
  expect(records.map(({ pid }) => pid)).toEqual([1])
})

it('continues after restarts, torn lines and foreign lines', async () => {
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

it('shows one end of an instance when its exit was seen before another program recorded the reason', async () => {
  const keeper = start()
  const [one, two] = [instanceOf(1), instanceOf(2)]
  keeper.begin([one, two])
  keeper.apply({ ...NO_CHANGES, removed: [one.id, two.id] })
  await keeper.flush()
  await openFile().append(historyLines([recordOf('ended', one, 0, { by: 'idle' })]))
  const { records } = await keeper.list(all)
  expect(records.map(({ event, pid, by }) => [event, pid, by])).toEqual([
    ['started', 1, null],
    ['started', 2, null],
    ['gone', 2, null],
    ['ended', 1, 'idle'],
  ])
})

it('shows no exit that another program has recorded as its action, and parses only what was appended', async () => {
  const file = openFile()
  const reads: { lines: number; isTail: boolean }[] = []
  const keeper = start({
    ...file,
    read(after) {
      const read = file.read(after)
      reads.push({ lines: read.lines.filter((line) => line !== '').length, isTail: read.isTail })
      return read
    },
  })
  const [one, two, three] = [instanceOf(1), instanceOf(2), instanceOf(3)]
  keeper.begin([one, two, three])
  await keeper.flush()
  await openFile().append(
    historyLines([recordOf('ended', one, 0, { by: 'idle' }), recordOf('ended', two, 1, {})]),
  )
  // It was started again by the time of its exit: the older record says nothing about this one.
  await openFile().append(historyLines([recordOf('started', two, 2, { why: [] })]))
  reads.length = 0
  keeper.apply({ ...NO_CHANGES, removed: [one.id, two.id] })
  await keeper.list(all)
  keeper.apply({ ...NO_CHANGES, removed: [three.id] })
  const { records } = await keeper.list(all)
  // There was no file at the begin: all eight lines; then only the exit of the third instance.
  expect(reads).toEqual([
    { lines: 8, isTail: false },
    { lines: 1, isTail: true },
  ])
  expect(records.filter(({ event }) => event === 'gone').map(({ pid }) => pid)).toEqual([2, 3])
})

it('records only endings before it has begun, and begins once', async () => {
  const keeper = start()
  keeper.apply({ ...NO_CHANGES, changed: [instanceOf(1)] })
  const one = instanceOf(1)
  const ended = [
    { id: one.id, title: one.title, how: 'force' as const, processes: 1, freedBytes: 0, launch: null },
  ]
  await keeper.recordEnding([one], 'command-line', () =>
    Promise.resolve({ schema: 1, ended, refused: [], survivors: [] }),
  )
  keeper.begin([])
  keeper.begin([instanceOf(4)])
  expect((await keeper.list(all)).records.map(({ event, by }) => [event, by])).toEqual([
    ['ended', 'command-line'],
  ])
})

it('records nothing for an ending that throws, and rethrows', async () => {
  const keeper = start()
  const failing = keeper.recordEnding([instanceOf(1)], 'page', () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect((await keeper.list(all)).records).toEqual([])
})

it('lists one instance under each of its ids, up to the limit', async () => {
  const keeper = start()
  keeper.begin([instanceOf(1), instanceOf(2)])
  const entry = instanceOf(1, { id: '1-111111111111', state: 'dead', colour: 'red', sources: ['registry'] })
  keeper.apply({
    sweptAt: '',
    changed: [entry],
    removed: [instanceOf(1).id],
    handovers: [],
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

it.runIf(process.platform !== 'win32')('shows a notice while the file cannot be written', async () => {
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'mine')
  symlinkSync(victim, path())
  const keeper = start()
  keeper.begin([instanceOf(1)])
  await keeper.flush()
  expect(keeper.notices()[0]?.text).toMatch(/^Cannot write the history: /)
  expect(news).toBeGreaterThan(0)
  expect(readFileSync(victim, 'utf8')).toBe('mine')
  rmSync(path())
  keeper.apply({
    sweptAt: '',
    changed: [instanceOf(2)],
    removed: [],
    handovers: [],
    notices: null,
    serenaHomes: null,
  })
  await keeper.flush()
  expect(keeper.notices()).toEqual([])
  expect((await keeper.list(all)).records.map(({ pid }) => pid)).toEqual([2])
})
