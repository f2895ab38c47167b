// The sections of the table: only many instances of one client are combined into one row, in every sort order.
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { type SectionOptions, sectionsOf } from './sections.ts'
import { unusedBySpan, unusedEnding } from './unused-ending.ts'

const NOW = Date.UTC(2026, 10, 23, 14)
const HOUR = 3_600_000
const before = (ms: number): string => new Date(NOW - ms).toISOString()
const codex = (pid: number, more: Partial<Instance> = {}): Instance =>
  instance(pid, {
    owner: { pid: 70, name: 'Codex', detail: null },
    project: { name: 'big', path: '/w/big' },
    startedAt: before(6 * HOUR),
    lastActivityAt: before(6 * HOUR - 2_000),
    ...more,
  })
const all = [
  instance(1),
  ...Array.from({ length: 30 }, (_, at) =>
    codex(100 + at, at === 7 ? { lastActivityAt: before(60_000) } : {}),
  ),
  instance(2),
]
const shown = (options: Partial<SectionOptions> = {}): (string | number)[] =>
  sectionsOf(all, {
    grouping: 'none',
    isToggled: () => false,
    isSelecting: false,
    nowMs: NOW,
    ...options,
  }).flatMap(({ instanceGroup, group, instances }) => [
    ...(instanceGroup ? [`unused ${instanceGroup.unused.length} of ${instanceGroup.members.length}`] : []),
    ...(group ? [`group ${group.name}`] : []),
    instances.length,
  ])

describe('sections', () => {
  test('shows many instances of one client as one row at the position of the first', () => {
    expect(shown()).toEqual([1, 'unused 29 of 30', 0, 1])
    expect(shown({ isToggled: () => true })).toEqual([1, 'unused 29 of 30', 30, 1])
  })

  test('shows all rows with a selected grouping', () => {
    expect(shown({ grouping: 'project' })).toEqual(['group big', 30, 'group shop', 2])
  })

  test('hides the rows of a collapsed group, but not while rows are selected', () => {
    const isToggled = (key: string): boolean => key === 'project big'
    expect(shown({ grouping: 'project', isToggled })).toEqual(['group big', 0, 'group shop', 2])
    expect(shown({ grouping: 'project', isToggled, isSelecting: true })).toEqual(
      shown({ grouping: 'project' }),
    )
  })
})

describe('unused instances', () => {
  test('lists each time span that has unused instances, with these instances', () => {
    expect(unusedBySpan(all, NOW).map(({ words, unused }) => [words, unused.length])).toEqual([
      ['1 h', 29],
      ['5 h', 29],
    ])
    expect(unusedBySpan([instance(1)], NOW)).toEqual([])
    expect(
      unusedBySpan(
        all.map((one) => ({ ...one, isLeftAlone: true })),
        NOW,
      ),
    ).toEqual([])
  })

  test('opens the dialog with the listed ids and the time of their latest use', () => {
    const [, second] = sectionsOf(all, {
      grouping: 'none',
      isToggled: () => false,
      isSelecting: false,
      nowMs: NOW,
    })
    const unused = second?.instanceGroup?.unused ?? []
    expect(unusedEnding(unused)).toEqual({
      kind: 'ending',
      title: 'End 29 unused instances',
      ids: unused.map(({ id }) => id),
      unusedSince: before(6 * HOUR - 2_000),
    })
  })

  test('excludes an instance that has just started', () => {
    const young = Array.from({ length: 6 }, (_, at) =>
      codex(200 + at, { startedAt: before(4 * 60_000), lastActivityAt: before(4 * 60_000) }),
    )
    const [only] = sectionsOf(young, {
      grouping: 'none',
      isToggled: () => false,
      isSelecting: false,
      nowMs: NOW,
    })
    expect([only?.instanceGroup?.neverUsed.length, only?.instanceGroup?.unused.length]).toEqual([6, 0])
  })
})
