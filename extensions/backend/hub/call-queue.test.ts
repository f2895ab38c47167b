// The order of waiting calls.
import { beforeEach, expect, it } from 'vitest'
import { type CallQueue, createCallQueue } from './call-queue.ts'

let queue: CallQueue<string>
const takeAll = (): string[] => {
  const taken: string[] = []
  for (let next = queue.take(always, always); next !== null; next = queue.take(always, always))
    taken.push(next)
  return taken
}
const always = (): boolean => true

beforeEach(() => {
  queue = createCallQueue()
  for (const call of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(call.charAt(0), call)
})

it('lets clients take turns, and keeps the order of each', () => {
  expect(takeAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
  expect(queue.size()).toBe(0)
})

it('never returns a removed call', () => {
  expect(queue.remove('a', 'a2')).toBe(true)
  expect(queue.remove('a', 'a2')).toBe(false)
  expect(queue.remove('b', 'a1')).toBe(false)
  expect(queue.removeAll('c')).toEqual(['c1', 'c2'])
  expect(takeAll()).toEqual(['a1', 'b1', 'a3'])
})

it('skips a client that is too slow', () => {
  expect(queue.take((owner) => owner !== 'a', always)).toBe('b1')
})

it('sends nothing before a call that must wait', () => {
  expect(queue.take(always, (call) => call !== 'a1')).toBeNull()
  expect(takeAll()[0]).toBe('a1')
})

it('counts waiting calls', () => {
  expect([queue.size(), queue.of('a').length, queue.of('x').length]).toEqual([6, 3, 0])
  expect(queue.all()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'c2'])
})
