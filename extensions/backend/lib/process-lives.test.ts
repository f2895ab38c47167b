// F16: a lock is broken on proof alone.
import { expect, test } from 'vitest'
import type { ProcessFact } from '../facts.ts'
import { holderIsGone } from './process-lives.ts'

const LOCKED_MS = 1_000_000
const holder = (change: Partial<ProcessFact>): ProcessFact => ({
  identity: 'test:7:1',
  pid: 7,
  ppid: 1,
  pgid: 7,
  sid: 7,
  uid: 1000,
  startedAtMs: LOCKED_MS - 5_000,
  name: 'node',
  argv: ['node'],
  runState: 'S',
  rssBytes: null,
  cpuMs: null,
  ...change,
})

test.each<[string, ProcessFact | null, boolean, boolean]>([
  ['lives', holder({}), true, false],
  ['is stopped', holder({ runState: 'T' }), true, false],
  ['is traced', holder({ runState: 't' }), true, false],
  ['cannot be told the state of', holder({ runState: null }), true, false],
  ['is in no list', null, true, true],
  ['is in no list that is whole', null, false, false],
  ['is defunct', holder({ runState: 'Z' }), true, true],
  ['is being removed', holder({ runState: 'X' }), true, true],
  ['began after the lock', holder({ startedAtMs: LOCKED_MS + 2_001 }), true, true],
  ['began within what two clocks differ', holder({ startedAtMs: LOCKED_MS + 2_000 }), true, false],
])('F16: a holder that %s', async (_, fact, isComplete, isGone) => {
  const list = () => Promise.resolve({ isComplete, byPid: new Map(fact ? [[7, fact]] : []) })
  expect(await holderIsGone(list)(7, LOCKED_MS)).toBe(isGone)
})
