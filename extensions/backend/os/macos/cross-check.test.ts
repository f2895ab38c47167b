import { expect, it } from 'vitest'
import { processFact } from '../process-fact.fixture.ts'
import type { ProcessFact } from '../process-facts.ts'
import { compareWithPs } from './cross-check.ts'

const fact = (pid: number, change: Partial<ProcessFact> = {}): ProcessFact =>
  processFact({ pid, ppid: 1, uid: 501, startedAtMs: 60_500, name: 'a', ...change })
const table = (...facts: readonly ProcessFact[]): ReadonlyMap<number, ProcessFact> =>
  new Map(facts.map((one) => [one.pid, one]))
/** As ps reports it: to the second, with another identity. */
const byPs = (one: ProcessFact, change: Partial<ProcessFact> = {}): ProcessFact => ({
  ...one,
  identity: `${one.pid}:ps`,
  startedAtMs: Math.floor(one.startedAtMs / 1000) * 1000,
  ...change,
})

const native = table(fact(7), fact(8, { startedAtMs: 70_000 }))
const equal = [...native.values()].map((one) => byPs(one))

it('agrees with ps, which knows the second of a start only', () => {
  expect(compareWithPs(native, table(...equal), native)).toBeNull()
})

it.each<[string, Partial<ProcessFact>]>([
  ['parent 1, in ps 9', { ppid: 9 }],
  ['user 501, in ps 0', { uid: 0 }],
  ['start 1970-01-01T00:01:00.000Z, in ps 1970-01-01T00:02:00.000Z', { startedAtMs: 120_000 }],
  ['state S, in ps T', { runState: 'T' }],
])('reports %s', (difference, change) => {
  const ps = table(...equal, byPs(fact(7), change))
  expect(compareWithPs(native, ps, native)).toBe(
    `Native calls and ps disagree about process 7 (a): ${difference}. Please report this.`,
  )
})

it('compares no process that changed while ps ran', () => {
  const ps = table(...equal, byPs(fact(7), { ppid: 9 }))
  expect(compareWithPs(native, ps, table(fact(7, { ppid: 9 })))).toBeNull()
  expect(compareWithPs(native, ps, table(fact(7, { identity: 'another' })))).toBeNull()
  expect(compareWithPs(native, ps, table())).toBeNull()
})

it('reports a process that only ps listed, unless it started in between', () => {
  const old = fact(9, { startedAtMs: 65_000 })
  const young = fact(9, { startedAtMs: 80_000 })
  const ps = table(...equal, byPs(fact(9)))
  expect(compareWithPs(native, ps, table(...native.values(), old))).toContain(
    'missing in the list of native calls',
  )
  expect(compareWithPs(native, ps, table(...native.values(), young))).toBeNull()
  expect(compareWithPs(native, ps, native)).toBeNull()
})
