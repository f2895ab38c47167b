import { expect, test } from 'vitest'
import type { EndingPlanItem, Receipt } from '#contract/ending'
import {
  chosenOf,
  doneWords,
  endWords,
  itemWords,
  leftRunningOf,
  receiptOf,
  receiptText,
  requestsOf,
  sumWords,
} from './ending-state.ts'

const item = (id: string, memoryBytes: number | null): EndingPlanItem => ({
  id,
  title: id,
  why: [],
  how: 'shutdown',
  processes: 3,
  memoryBytes,
  checked: true,
  refusal: null,
})

test('the sums are of what is checked, and nothing known is not zero', () => {
  const plan = [item('a', 100), item('b', null), item('c', 50)]
  expect(chosenOf(plan, new Set(['a', 'b']))).toEqual({ count: 2, entries: 0, processes: 6, bytes: 100 })
  expect(chosenOf(plan, new Set(['b']))).toEqual({ count: 1, entries: 0, processes: 3, bytes: null })
})

test('where only entries are removed nothing is said to end', () => {
  const words = (count: number, entries: number): string => endWords({ count, entries })
  expect([words(0, 0), words(1, 0), words(2, 1)]).toEqual([
    'End 0 instances',
    'End 1 instance',
    'End 2 instances',
  ])
  expect([words(1, 1), words(2, 2)]).toEqual(['Remove 1 entry', 'Remove 2 entries'])
  const one = { id: 'a', title: 'a', processes: 1, freedBytes: 2_000_000, launch: null }
  const done = (...ways: ('force' | 'entry-removed')[]): string =>
    doneWords({
      schema: 1,
      ended: ways.map((how) => ({ ...one, how, freedBytes: how === 'force' ? 2_000_000 : 0 })),
      refused: [],
      survivors: [],
    })
  expect(done('force', 'force')).toBe('Ended 2, freed 4 MB.')
  expect(done('entry-removed')).toBe('Removed 1 entry.')
  expect(done('force', 'entry-removed')).toBe('Ended 1, freed 2 MB. Removed 1 entry.')
  expect(done()).toBe('Ended 0, freed 0 MB.')
})

test('what would be freed is said where something is', () => {
  expect(sumWords({ processes: 6, bytes: 1_500_000 })).toBe('6 processes, frees 2 MB')
  expect(sumWords({ processes: 1, bytes: null })).toBe('1 process')
  expect(sumWords({ processes: 0, bytes: 0 })).toBe('')
})

test('how one is ended is said only of what is', () => {
  const entry: EndingPlanItem = { ...item('a', null), processes: 0, how: 'entry-removed' }
  expect(itemWords(entry)).toBe('its entry is removed')
  expect(itemWords({ ...entry, refusal: 'That file is left alone.' })).toBe('')
  expect(itemWords(item('a', 1_500_000))).toBe('3 processes · 2 MB · by its own shutdown')
  expect(itemWords({ ...item('a', 1_500_000), refusal: 'It is left alone.' })).toBe('3 processes · 2 MB')
})

test('the receipt names what survived', () => {
  const text = receiptText({
    schema: 1,
    ended: [
      { id: 'a', title: '1 - shop', how: 'force', processes: 4, freedBytes: 2_000_000, launch: null },
      {
        id: 'c',
        title: '2 - web',
        how: 'shutdown',
        processes: 1,
        freedBytes: 0,
        launch: 'cd /web && serena',
      },
    ],
    refused: [{ id: 'b', why: 'It answers again.' }],
    survivors: [{ pid: 7, why: 'state D' }],
  })
  expect(text.split('\n')).toEqual([
    'Ended 2, freed 2 MB.',
    '  1 - shop: force, 4 processes',
    '  2 - web: shutdown, 1 process',
    '    started with: cd /web && serena',
    '  not ended: b: It answers again.',
    '  survivor: process 7: state D',
  ])
})

test('those that were red when they were shown are asked for apart: one that recovers is left alone', () => {
  const scopes = new Map([['a', 'red'] as const, ['b', 'named'] as const, ['c', 'named'] as const])
  expect(requestsOf(new Set(['a', 'b', 'c']), scopes)).toEqual([
    { scope: 'red', ids: ['a'] },
    { scope: 'named', ids: ['b', 'c'] },
  ])
  expect(requestsOf(new Set(['x', 'y']), new Map())).toEqual([{ scope: 'red', ids: ['x', 'y'] }])
  expect(requestsOf(new Set(), scopes)).toEqual([])
  const receipt = (pid: number): Receipt => ({
    schema: 1,
    ended: [],
    refused: [{ id: `${pid}`, why: 'x' }],
    survivors: [{ pid, why: 'y' }],
  })
  const whole = receiptOf([receipt(1), receipt(2)])
  expect([whole.refused.map(({ id }) => id), whole.survivors.map(({ pid }) => pid)]).toEqual([
    ['1', '2'],
    [1, 2],
  ])
})

test('names what is left running of the checked ones, and asks for its end only when that was chosen', () => {
  const ide = { pid: 7, name: 'idea64' }
  const plan = [
    { ...item('a', 1), leftRunning: [ide] },
    { ...item('b', 1), leftRunning: [{ pid: 8, name: 'x' }] },
    item('c', 1),
  ]
  expect(leftRunningOf(plan, new Set(['a', 'c']))).toEqual([ide])
  expect(requestsOf(new Set(['a']), new Map(), true)).toEqual([
    { scope: 'red', ids: ['a'], includeChildren: true },
  ])
  const receipt: Receipt = {
    schema: 1,
    ended: [],
    refused: [],
    survivors: [],
    leftRunning: [{ id: 'a', ...ide }],
  }
  expect(receiptText(receiptOf([receipt, receipt]))).toContain(
    'left running: idea64 (process 7), idea64 (process 7)',
  )
})
