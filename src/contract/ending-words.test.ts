import { expect, test } from 'vitest'
import { endingTitle } from './ending-words.ts'
import { instance } from './instance.fixture.ts'

test('removes entries if all instances are dead, and ends instances otherwise', () => {
  const live = instance(1)
  const dead = instance(2, { state: 'dead' })
  expect([[live], [dead], [live, dead], [dead, dead], []].map((some) => endingTitle(some))).toEqual([
    'End 1 - shop',
    'Remove the entry of 2 - shop',
    'End 2 instances',
    'Remove 2 entries',
    'End 0 instances',
  ])
})
