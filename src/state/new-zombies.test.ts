import { expect, test } from 'vitest'
import { makeInstance } from './instance.fixture.ts'
import { newZombies } from './new-zombies.ts'

const live = makeInstance(1)
const red = makeInstance(1, { state: 'orphaned' })
const other = makeInstance(2, { state: 'hung' })
const probable = makeInstance(3, { state: 'hung', verdict: { certainty: 'probable', evidence: [] } })
const finishing = makeInstance(4, { state: 'orphaned', flags: ['finishing'] })

test('one that was there when the page came is not new; each other one is, once', () => {
  const first = newZombies(null, [other, live])
  expect(first.fresh).toEqual([])
  const second = newZombies(first.known, [other, red])
  expect(second.fresh).toEqual([red])
  expect(newZombies(second.known, [other, red]).fresh).toEqual([])
})

test('one that recovered is new when it turns red again', () => {
  const { known } = newZombies(new Set([red.id]), [live])
  expect(newZombies(known, [red]).fresh).toEqual([red])
})

test('one that a backend judges anew after its start, or does not list for a moment, is the same one', () => {
  const unsure = makeInstance(1, { state: 'live', flags: ['probably-orphaned'] })
  const unknown = makeInstance(2, { state: 'unknown' })
  let { known } = newZombies(new Set(), [red, other])
  for (const list of [[], [unsure, unknown], [red, other]]) {
    const next = newZombies(known, list)
    expect(next.fresh).toEqual([])
    known = next.known
  }
})

test('never one that is not certain, or not finished', () => {
  const { fresh, known } = newZombies(new Set(), [probable, finishing])
  expect([fresh, known.size]).toEqual([[], 0])
})
