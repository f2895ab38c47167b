import { expect, test } from 'vitest'
import type { EndingPlanItem } from '#contract/ending'
import {
  endLabel,
  initiallyChecked,
  itemText,
  leftRunningOf,
  requestsOf,
  stepText,
  totalsOf,
  totalsText,
} from './ending-plan.ts'

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

test('sums the checked items; unknown memory is null, not zero', () => {
  const plan = [item('a', 100), item('b', null), item('c', 50)]
  expect(totalsOf(plan, new Set(['a', 'b']))).toEqual({ count: 2, entries: 0, processes: 6, bytes: 100 })
  expect(totalsOf(plan, new Set(['b']))).toEqual({ count: 1, entries: 0, processes: 3, bytes: null })
})

test('labels the button by what happens: instances are ended, entries removed', () => {
  const label = (count: number, entries: number): string => endLabel({ count, entries })
  expect([label(0, 0), label(1, 0), label(2, 1)]).toEqual([
    'End 0 instances',
    'End 1 instance',
    'End 2 instances',
  ])
  expect([label(1, 1), label(2, 2)]).toEqual(['Remove 1 entry', 'Remove 2 entries'])
})

test('includes the freed memory only if it is known', () => {
  expect(totalsText({ processes: 6, bytes: 1_500_000 })).toBe('6 processes, frees 2 MB')
  expect(totalsText({ processes: 1, bytes: null })).toBe('1 process')
  expect(totalsText({ processes: 0, bytes: 0 })).toBe('')
})

test('includes the method only for items that can be ended', () => {
  const entry: EndingPlanItem = { ...item('a', null), processes: 0, how: 'entry-removed' }
  expect(itemText(entry)).toBe('entry removal')
  expect(itemText({ ...entry, refusal: 'Another program wrote that file.' })).toBe('')
  expect(itemText(item('a', 1_500_000))).toBe('3 processes · 2 MB · graceful shutdown')
  expect(itemText({ ...item('a', 1_500_000), refusal: 'It is protected.' })).toBe('3 processes · 2 MB')
})

test('prefixes a refusal, and no other step', () => {
  expect(stepText({ step: 'refused', text: 'It answers again.' })).toBe('Not ended: It answers again.')
  expect(stepText({ step: 'forced', text: 'Sent SIGKILL.' })).toBe('Sent SIGKILL.')
})

test('checks the proposed items at first; of instances that the user selected, all that can be ended', () => {
  const hung = { ...item('hung', 1), checked: false }
  const refused = { ...item('refused', 1), checked: false, refusal: 'It is protected.' }
  const plan = [item('a', 1), hung, refused]
  expect([...initiallyChecked(plan, false)]).toEqual(['a'])
  expect([...initiallyChecked(plan, true)]).toEqual(['a', 'hung'])
})

test('requests red instances separately, so that one that recovers is not ended', () => {
  const scopes = new Map([['a', 'red'] as const, ['b', 'named'] as const, ['c', 'named'] as const])
  expect(requestsOf(new Set(['a', 'b', 'c']), scopes)).toEqual([
    { scope: 'red', ids: ['a'] },
    { scope: 'named', ids: ['b', 'c'] },
  ])
  expect(requestsOf(new Set(['x', 'y']), new Map())).toEqual([{ scope: 'red', ids: ['x', 'y'] }])
  expect(requestsOf(new Set(), scopes)).toEqual([])
})

test('lists child processes of checked items, and requests their end only if selected', () => {
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
})
