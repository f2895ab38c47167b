import { expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { newZombies } from './new-zombies.ts'

const live = instance(1)
const red = instance(1, { state: 'orphaned' })
const other = instance(2, { state: 'hung' })
const probable = instance(3, { state: 'hung', verdict: { certainty: 'probable', evidence: [] } })
const finishing = instance(4, { state: 'orphaned', flags: ['finishing'] })

test('reports each zombie once, except those present when the page opened', () => {
  const first = newZombies(null, [other, live])
  expect(first.fresh).toEqual([])
  const second = newZombies(first.known, [other, red])
  expect(second.fresh).toEqual([red])
  expect(newZombies(second.known, [other, red]).fresh).toEqual([])
})

test('reports an instance again that recovered and turned red again', () => {
  const { known } = newZombies(new Set([red.id]), [live])
  expect(newZombies(known, [red]).fresh).toEqual([red])
})

test('does not report a zombie twice when a restarted backend reclassifies it or omits it briefly', () => {
  const unsure = instance(1, { state: 'live', flags: ['probably-orphaned'] })
  const unknown = instance(2, { state: 'unknown' })
  let { known } = newZombies(new Set(), [red, other])
  for (const list of [[], [unsure, unknown], [red, other]]) {
    const next = newZombies(known, list)
    expect(next.fresh).toEqual([])
    known = next.known
  }
})

test('never reports uncertain or finishing zombies', () => {
  const { fresh, known } = newZombies(new Set(), [probable, finishing])
  expect([fresh, known.size]).toEqual([[], 0])
})
