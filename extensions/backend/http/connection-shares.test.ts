// Which connection is closed when a share is full.
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createConnectionShares, shareSizesFor } from './connection-shares.ts'

class Held extends EventEmitter {
  isClosed = false
  destroy(): void {
    this.isClosed = true
    this.emit('close')
  }
}
const some = (count: number): Held[] => Array.from({ length: count }, () => new Held())
const open = (connections: readonly Held[]): number[] =>
  connections.flatMap(({ isClosed }, at) => (isClosed ? [] : [at]))

test('both shares leave file descriptors for the scans', () => {
  expect(shareSizesFor(null)).toEqual({ unproven: 2_048, proven: 512 })
  expect(shareSizesFor(20_000)).toEqual({ unproven: 2_048, proven: 512 })
  expect(shareSizesFor(1_024)).toEqual({ unproven: 384, proven: 384 })
  expect(shareSizesFor(64)).toEqual({ unproven: 32, proven: 32 })
})

test('the connection that was silent longest is closed for a new one', () => {
  const shares = createConnectionShares<Held>({ unproven: 3, proven: 2 })
  const all = some(5)
  const [first] = all as [Held]
  for (const one of all.slice(0, 3)) shares.add(one)
  shares.hear(first)
  for (const one of all.slice(3)) shares.add(one)
  expect(open(all)).toEqual([0, 3, 4])
})

test('a connection with a valid token is never closed for others, and uses none of their share', () => {
  const shares = createConnectionShares<Held>({ unproven: 2, proven: 2 })
  const ours = some(2)
  for (const one of ours) {
    shares.add(one)
    expect(shares.prove(one)).toBe(true)
  }
  const others = some(100)
  for (const one of others) shares.add(one)
  expect([open(ours), open(others)]).toEqual([
    [0, 1],
    [98, 99],
  ])
})

test('the share of connections with a token is limited too; a closed one frees its place', () => {
  const shares = createConnectionShares<Held>({ unproven: 2, proven: 1 })
  const [first, second, third] = some(3) as [Held, Held, Held]
  for (const one of [first, second]) shares.add(one)
  expect([shares.prove(first), shares.prove(first), shares.prove(second)]).toEqual([true, true, false])
  expect(second.isClosed).toBe(true)
  first.destroy()
  shares.add(third)
  expect(shares.prove(third)).toBe(true)
})
