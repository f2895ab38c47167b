// A lock is broken on proof alone.
import { expect, test } from 'vitest'
import { processFact } from '../process-fact.fixture.ts'
import type { ProcessFact } from '../process-facts.ts'
import { hasHolderExited } from './lock-holder.ts'

const LOCKED_MS = 1_000_000
const holder = (change: Partial<ProcessFact>) =>
  processFact({ pid: 7, startedAtMs: LOCKED_MS - 5_000, argv: ['node'], ...change })

test.each<[string, ProcessFact | null, boolean, boolean]>([
  ['lives', holder({}), true, false],
  ['is stopped', holder({ runState: 'T' }), true, false],
  ['is traced', holder({ runState: 't' }), true, false],
  ['has an unknown state', holder({ runState: null }), true, false],
  ['is in no list', null, true, true],
  ['is in no list that is whole', null, false, false],
  ['is defunct', holder({ runState: 'Z' }), true, true],
  ['is being removed', holder({ runState: 'X' }), true, true],
  ['began after the lock', holder({ startedAtMs: LOCKED_MS + 2_001 }), true, true],
  ['began within what two clocks differ', holder({ startedAtMs: LOCKED_MS + 2_000 }), true, false],
])('a holder that %s', async (_, fact, isComplete, hasExited) => {
  const list = () => Promise.resolve({ isComplete, byPid: new Map(fact ? [[7, fact]] : []) })
  expect(await hasHolderExited(list)(7, LOCKED_MS)).toBe(hasExited)
})
