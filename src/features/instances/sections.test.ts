// The sections of the table: many of one client fold, whatever the table is sorted by, and nothing else does.
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { makeInstance } from '../../state/instance.fixture.ts'
import { type SectionOptions, sectionsOf } from './sections.ts'
import { unusedBySpan, unusedEnding } from './unused-ending.ts'

const NOW = Date.UTC(2026, 10, 23, 14)
const HOUR = 3_600_000
const before = (ms: number): string => new Date(NOW - ms).toISOString()
const codex = (pid: number, more: Partial<Instance> = {}): Instance =>
  makeInstance(pid, {
    owner: { pid: 70, name: 'Codex', detail: null },
    project: { name: 'big', path: '/w/big' },
    startedAt: before(6 * HOUR),
    lastActivityAt: before(6 * HOUR - 2_000),
    ...more,
  })
const all = [
  makeInstance(1),
  ...Array.from({ length: 30 }, (_, at) =>
    codex(100 + at, at === 7 ? { lastActivityAt: before(60_000) } : {}),
  ),
  makeInstance(2),
]
const shown = (options: Partial<SectionOptions> = {}): (string | number)[] =>
  sectionsOf(all, { grouping: 'none', isOpen: () => false, nowMs: NOW, ...options }).flatMap(
    ({ many, group, instances }) => [
      ...(many ? [`many ${many.members.length}/${many.unused.length}`] : []),
      ...(group ? [`group ${group.name}`] : []),
      instances.length,
    ],
  )

describe('sections', () => {
  test('many of one client fold into one, in the place of the first', () => {
    expect(shown()).toEqual([1, 'many 30/29', 0, 1])
    expect(shown({ isOpen: () => true })).toEqual([1, 'many 30/29', 30, 1])
  })

  test('a chosen grouping shows all rows', () => {
    expect(shown({ grouping: 'project' })).toEqual(['group big', 30, 'group shop', 2])
  })
})

describe('what is offered to be ended', () => {
  test('spans that have unused ones, with exactly those', () => {
    expect(unusedBySpan(all, NOW).map(({ words, unused }) => [words, unused.length])).toEqual([
      ['1 h', 29],
      ['5 h', 29],
    ])
    expect(unusedBySpan([makeInstance(1)], NOW)).toEqual([])
  })

  test('is a preview of these ids, and not of what is used until then', () => {
    const [, second] = sectionsOf(all, { grouping: 'none', isOpen: () => false, nowMs: NOW })
    const unused = second?.many?.unused ?? []
    expect(unusedEnding(unused)).toEqual({
      kind: 'ending',
      title: 'End 29 unused instances',
      ids: unused.map(({ id }) => id),
      unusedSince: before(6 * HOUR - 2_000),
    })
  })

  test('one that has just been opened is never called unused', () => {
    const young = Array.from({ length: 6 }, (_, at) =>
      codex(200 + at, { startedAt: before(4 * 60_000), lastActivityAt: before(4 * 60_000) }),
    )
    const [only] = sectionsOf(young, { grouping: 'none', isOpen: () => false, nowMs: NOW })
    expect([only?.many?.neverUsed.length, only?.many?.unused.length]).toEqual([6, 0])
  })
})
