// When an open connection is read again.
import { expect, it } from 'vitest'
import type { ConnectionFacts } from '../os/connection-facts.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { createKeptConnections } from './kept-connections.ts'

const serena = { identity: 'boot:7:1', pid: 7 } as ProcessFact
const client = { identity: 'boot:5:1', pid: 5, runState: 'S' } as ProcessFact
const holder = { pid: 5, identity: client.identity, name: 'claude', isAncestor: true, hasBothEnds: true }
const open: ConnectionFacts = { clientEnd: 'open', isProven: true, holder, evidence: [] }

function machine(facts: ConnectionFacts) {
  const state = { reads: 0, isKept: true, hasLostReader: false, running: [serena, client] }
  const connections = createKeptConnections(
    {
      connection: () => {
        state.reads += 1
        return Promise.resolve(facts)
      },
      hasLostReader: () => state.hasLostReader,
    },
    () => state.isKept,
  )
  const begin = (): void =>
    connections.begin({ isComplete: true, byPid: new Map(state.running.map((one) => [one.pid, one])) })
  const round = async (): Promise<number> => {
    begin()
    expect(await connections.connection?.(serena, [serena])).toEqual(facts)
    return state.reads
  }
  return { state, begin, round }
}

it('reads an open connection of an instance at rest once', async () => {
  const { round } = machine(open)
  expect([await round(), await round(), await round()]).toEqual([1, 1, 1])
})

it.each([
  ['the instance is not at rest', { isKept: false }],
  ['its output has lost its reader', { hasLostReader: true }],
  ['its client has exited', { running: [serena] }],
  ['its client is defunct', { running: [serena, { ...client, runState: 'Z' }] }],
  ['another process has the pid of its client', { running: [serena, { ...client, identity: 'boot:5:2' }] }],
])('reads it again when %s', async (_, change) => {
  const { state, round } = machine(open)
  await round()
  Object.assign(state, change)
  expect(await round()).toBe(2)
})

it.each([
  ['closed', { ...open, clientEnd: 'closed' }],
  ['unknown', { ...open, clientEnd: 'unknown' }],
  ['open by inference only', { ...open, isProven: false }],
] as const)('reads a connection that is %s each time', async (_, facts) => {
  const { round } = machine(facts)
  expect([await round(), await round()]).toEqual([1, 2])
})

it('forgets an instance that is not listed', async () => {
  const { state, begin, round } = machine(open)
  await round()
  state.running = []
  begin()
  state.running = [serena, client]
  expect(await round()).toBe(2)
})
