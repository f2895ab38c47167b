// What subscribers get, and when.
import { expect, it } from 'vitest'
import type { InstanceChanges } from '#contract/events'
import type { Notice } from '#contract/instance'
import { createInstanceStore, type ListParts } from './instance-store.ts'
import { createNoticeBoard } from './notices.ts'

const parts = (change: Partial<ListParts> = {}): ListParts => ({
  sweptAt: 'now',
  serenaHomes: ['/h'],
  instances: [],
  helperProcesses: [],
  ...change,
})

function storeWithNotices() {
  const notices: Notice[] = []
  const board = createNoticeBoard()
  board.add(() => notices)
  const store = createInstanceStore(board.current, 0)
  board.onChange(store.publishNotices)
  const published: InstanceChanges[] = []
  const unsubscribe = store.subscribe((changes) => published.push(changes))
  return { store, board, notices, published, unsubscribe }
}

it('publishes what changed, and nothing when nothing changed', () => {
  const { store, published } = storeWithNotices()
  store.publish(parts(), [])
  store.publish(parts({ sweptAt: 'later' }), [])
  expect(published).toMatchObject([{ serenaHomes: ['/h'] }])
  expect(store.current().sweptAt).toBe('later')
})

it('publishes a changed notice with the same instances', () => {
  const { store, board, notices, published } = storeWithNotices()
  store.publish(parts(), [])
  const { instances } = store.current()
  notices.push({ id: 'n', level: 'info', text: 'A notice.' })
  board.changed()
  expect(published.at(-1)).toMatchObject({ changed: [], removed: [], notices: [{ id: 'n' }] })
  expect(store.current().instances).toBe(instances)
  board.changed()
  expect(published).toHaveLength(2)
})

it('includes the notices of all parts, in the order of registration', () => {
  const { store, board, notices } = storeWithNotices()
  board.add(() => [{ id: 'b', level: 'warning', text: 'B.' }])
  notices.push({ id: 'a', level: 'info', text: 'A.' })
  store.publish(parts(), [])
  expect(store.current().notices.map(({ id }) => id)).toEqual(['a', 'b'])
})

it('publishes nothing to those that unsubscribed, or after it was closed', () => {
  const { store, published, unsubscribe } = storeWithNotices()
  unsubscribe()
  store.publish(parts(), [])
  expect(published).toEqual([])
  store.close()
  store.publish(parts({ serenaHomes: ['/i'] }), [])
  expect(store.current().serenaHomes).toEqual(['/h'])
})
