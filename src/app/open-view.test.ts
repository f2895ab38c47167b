import { expect, test } from 'vitest'
import { openView, type ViewTarget } from './open-view.ts'

function open(target: ViewTarget): unknown[] {
  const done: unknown[] = []
  openView(target, {
    select: (tab) => done.push(tab),
    preferences: { change: (part) => void done.push(part) },
    announce: (sentence) => done.push(sentence),
  })
  return done
}

test('opens tab and view, and announces an unknown view', () => {
  expect(open({ tab: '1-a', view: 'logs' })).toEqual(['1-a', { view: 'logs' }])
  expect(open({ tab: 'all', view: 'hub' })).toEqual(['all', { allView: 'hub' }])
  expect(open({ tab: null, view: null })).toEqual([])
  expect(open({ tab: '1-a', view: 'hub' })).toEqual([
    '1-a',
    `Unknown view 'hub' of one instance: use overview, logs or stats.`,
  ])
})
