import { expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { groupAction } from './group-action.ts'

const NOW_MS = Date.parse('2026-11-23T12:00:00Z')
const startedAt = new Date(NOW_MS - 3_600_000).toISOString()
const used = (pid: number, changes: Partial<Instance> = {}): Instance =>
  instance(pid, { startedAt, quietSince: null, ...changes })
const unused = (pid: number): Instance => instance(pid, { startedAt, quietSince: startedAt })

test('ends the zombies of a group first', () => {
  expect(groupAction([used(1), unused(2), unused(3), used(4, { state: 'orphaned' })], NOW_MS)).toEqual({
    label: 'End 1 zombie …',
    dialog: { kind: 'ending', title: 'End 1 zombie', ids: [used(4).id] },
  })
})

test('does not offer to end a zombie that is uncertain or finishing its work', () => {
  const probable = used(1, { state: 'orphaned', verdict: { certainty: 'probable', evidence: [] } })
  const finishing = used(2, { state: 'orphaned', flags: ['finishing'] })
  expect(groupAction([probable, finishing], NOW_MS)).toBeNull()
})

test('ends unused instances, and never the used ones', () => {
  const action = groupAction([used(1), unused(2), unused(3)], NOW_MS)
  expect(action?.label).toBe('End 2 unused …')
  expect(action?.dialog).toMatchObject({ ids: [unused(2).id, unused(3).id], unusedSince: startedAt })
})

test('shares a project that several instances use', () => {
  expect(groupAction([used(1), used(2)], NOW_MS)).toEqual({
    label: 'Share this project …',
    dialog: { kind: 'share', instanceId: used(1).id, projectName: 'shop' },
  })
  expect(groupAction([used(1)], NOW_MS)).toBeNull()
  expect(groupAction([used(1), used(2, { hubSerena: 's1' })], NOW_MS)).toBeNull()
  expect(groupAction([used(1), used(2, { project: { name: 'a', path: '/a' } })], NOW_MS)).toBeNull()
  expect(groupAction([used(1, { project: null }), used(2, { project: null })], NOW_MS)).toBeNull()
})
