import { expect, test } from 'vitest'
import { scopeOf } from './ending.ts'
import type { Instance } from './instance.ts'

const one = (
  colour: Instance['colour'],
  certainty: Instance['verdict']['certainty'] = 'certain',
  flags: Instance['flags'] = [],
): Pick<Instance, 'colour' | 'verdict' | 'flags'> => ({ colour, verdict: { certainty, evidence: [] }, flags })

test('ends a zombie as a zombie, so that one that recovers is left alone, and any other instance as named', () => {
  expect(scopeOf(one('red'))).toBe('red')
  for (const other of [
    one('green'),
    one('grey'),
    one('red', 'probable'),
    one('red', 'certain', ['finishing']),
  ])
    expect(scopeOf(other)).toBe('named')
  expect(scopeOf({ ...one('red'), isLeftAlone: true })).toBe('named')
})
