// The processes above a process.
import { expect, it } from 'vitest'
import { ancestorsOf } from './ancestors.ts'
import type { ProcessFact } from './process-facts.ts'

const tableOf = (...rows: readonly (readonly [pid: number, ppid: number])[]) => ({
  byPid: new Map(rows.map(([pid, ppid]) => [pid, { pid, ppid } as ProcessFact])),
})
const pidsAbove = (pid: number, table: ReturnType<typeof tableOf>): number[] =>
  ancestorsOf(pid, table).map((one) => one.pid)

it('lists ancestors from the parent upwards, pid 1 included', () => {
  expect(pidsAbove(5, tableOf([5, 4], [4, 3], [3, 1], [1, 0]))).toEqual([4, 3, 1])
})

it('ends at a gap and at a cycle', () => {
  expect(pidsAbove(5, tableOf([5, 4], [4, 3]))).toEqual([4])
  expect(pidsAbove(5, tableOf([5, 4], [4, 3], [3, 5]))).toEqual([4, 3])
  expect(pidsAbove(5, tableOf([5, 5]))).toEqual([])
  expect(pidsAbove(6, tableOf([5, 4]))).toEqual([])
})
