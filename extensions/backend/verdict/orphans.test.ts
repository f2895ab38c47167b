// The table of orphans, row by row, and what is not an orphan.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClientFacts, Sighting } from '../clients/client-facts.ts'
import type { ConnectionFacts, ConnectionHolder } from '../os/connection-facts.ts'
import { processDetails, processFact } from '../os/process-fact.fixture.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import { instanceFacts, listener } from './instance-facts.fixture.ts'
import type { InstanceFacts } from './instance-facts.ts'
import { judge } from './verdict.ts'

const serena = serenaProcess()
const { command, process } = serena
const claude = processFact({ pid: 100, argv: ['claude'] })
const details = processDetails()
const served = { ...serena, client: claude, isClientSeen: true }

const open: ConnectionFacts = {
  clientEnd: 'open',
  isProven: true,
  holder: null,
  evidence: ['Its stdout has a reader.'],
}
const closed: ConnectionFacts = {
  clientEnd: 'closed',
  isProven: true,
  holder: null,
  evidence: ['No process reads its stdout.'],
}
/** What is inferred where the platform proves nothing. */
const inferred: ConnectionFacts = { clientEnd: 'closed', evidence: ['The other end of its stdin is closed.'] }
const unknown: ConnectionFacts = { clientEnd: 'unknown', holder: null, evidence: ['It cannot be read.'] }
const none: ConnectionFacts = { clientEnd: 'not-applicable', evidence: ['Its stdin is a file.'] }
const sleep: ConnectionHolder = {
  pid: 77,
  identity: 'boot:77:1',
  name: 'sleep',
  isAncestor: false,
  hasBothEnds: false,
}
/** A sibling that inherited the reading end. */
const leaked: ConnectionFacts = {
  ...open,
  holder: sleep,
  evidence: ['Its stdout is read by process 77 (sleep).'],
}
/** Seen since 100 s, three times. */
const long: Sighting = { sinceMs: 100_000, scans: 3, spanMs: 90_000 }
const once: Sighting = { sinceMs: 200_000, scans: 1, spanMs: 0 }
const lostClient = { pid: 4711, name: 'claude', isClient: true }

const client = (change: Partial<ClientFacts> = {}): ClientFacts => ({
  connection: open,
  closed: null,
  inputClosed: null,
  exited: null,
  exitedProcess: null,
  ...change,
})
const orphan = client({ connection: closed, closed: long, exited: long, exitedProcess: lostClient })
const facts = (change: Partial<InstanceFacts> = {}) =>
  instanceFacts({
    dashboard: {
      listener,
      provenBy: 'answered',
      hasAnswered: true,
      status: { activeProject: 'shop', logIndex: 3 },
      overview: null,
      probes: [{ atMs: 199_000, tookMs: 2, result: 'answered' }],
    },
    monotonicMs: 200_000,
    client: orphan,
    ...change,
  })
const judged = (change: Partial<InstanceFacts>) => judge(facts(change))

describe('orphaned', () => {
  it('is an instance whose output has no reader, even if its dashboard answers', () => {
    expect(judged({})).toEqual({
      state: 'orphaned',
      flags: [],
      verdict: {
        certainty: 'certain',
        evidence: ['No process reads its stdout.', 'Its client (claude, process 4711) exited 1 min ago.'],
      },
    })
  })

  it.each([
    [
      'its parent is init',
      { serena: { ...serena, reaper: { pid: 1, name: 'init' } } },
      null,
      'its parent is now init.',
    ],
    [
      'its parent is a subreaper',
      { serena: { ...serena, reaper: { pid: 812, name: 'systemd' } } },
      null,
      'its parent is now systemd (process 812).',
    ],
    [
      'a launcher has exited',
      {},
      { pid: 12, name: 'uvx', isClient: false },
      'started it (uvx, process 12) has exited',
    ],
    ['its client is running', { serena: served }, null, 'is running, but closed its MCP connection'],
  ] as const)('names its parents only as an explanation: %s', (_, change, lost, words) => {
    const { state, verdict } = judged({ ...change, client: { ...orphan, exited: null, exitedProcess: lost } })
    expect([state, verdict.evidence[0]]).toEqual(['orphaned', 'No process reads its stdout.'])
    expect(verdict.evidence[1]).toContain(words)
  })

  it('needs two scans 5 s apart, with no flag before: most instances exit in that time', () => {
    const at = (of: Sighting) => judged({ client: { ...orphan, closed: of } })
    expect(at({ sinceMs: 0, scans: 2, spanMs: 5_000 }).state).toBe('orphaned')
    expect(at({ sinceMs: 0, scans: 2, spanMs: 4_999 })).toMatchObject({ state: 'live', flags: [] })
    expect(at({ sinceMs: 0, scans: 1, spanMs: 9_000 })).toMatchObject({ state: 'live', flags: [] })
    expect(judged({ ageMs: 8_000 }).state).toBe('orphaned')
  })

  it('takes precedence over hung, and is finishing while a tool runs', () => {
    const probes = [150_000, 160_000, 170_000].map((atMs) => ({
      atMs,
      tookMs: 1_500,
      result: 'silent' as const,
    }))
    const { dashboard } = facts()
    expect(judged({ dashboard: dashboard && { ...dashboard, probes } }).state).toBe('orphaned')
    expect(judged({ isExecuting: true })).toMatchObject({ state: 'orphaned', flags: ['finishing'] })
    expect(judged({ isExecuting: false }).flags).toEqual([])
    expect(judged({ isExecuting: null }).flags).toEqual([])
  })
})

describe('probably orphaned', () => {
  const gone = { exited: long, exitedProcess: lostClient }
  it.each([
    ['a process that inherited the reading end', leaked],
    ['a connection that cannot be read', unknown],
    ['no stdio connection', none],
  ])('is an instance whose client was seen to exit, with %s', (_, connection) => {
    expect(judged({ client: client({ connection, ...gone }) })).toMatchObject({
      state: 'live',
      flags: ['probably-orphaned'],
    })
    expect(judged({ client: client({ connection, ...gone }), ageMs: 30_000 }).flags).toEqual([])
    expect(
      judged({ client: client({ connection, ...gone, exited: { ...once, sinceMs: 195_000 } }) }).flags,
    ).toEqual([])
  })

  it.each([
    ['a reader that is not visible', open],
    ['a reader that writes as well', { ...leaked, holder: { ...sleep, hasBothEnds: true } }],
    ['an ancestor that reads', { ...leaked, holder: { ...sleep, isAncestor: true } }],
  ])('is not reported with %s', (_, connection) => {
    expect(judged({ client: client({ connection, ...gone }) }).flags).toEqual([])
  })

  it('is not reported if no client was ever seen: a client that is not visible has not exited', () => {
    const presumed = { pid: 12, name: 'starter', isClient: false }
    for (const connection of [open, unknown, none, leaked])
      expect(judged({ client: client({ connection, exitedProcess: presumed }) }).flags).toEqual([])
  })

  it('is the most that is reported where the platform proves nothing', () => {
    const unproven = client({ connection: inferred, closed: long })
    expect(judged({ client: unproven })).toMatchObject({ state: 'live', flags: ['probably-orphaned'] })
    expect(judged({ client: unproven, serena: served }).flags).toEqual([])
  })
})

describe('disconnected', () => {
  it('is an instance whose input was closed; after a minute it is probably orphaned too', () => {
    const at = (sinceMs: number) =>
      judged({ serena: served, client: client({ inputClosed: { ...long, sinceMs } }) })
    expect(at(190_001)).toMatchObject({ state: 'live', flags: [] })
    expect(at(190_000)).toMatchObject({ state: 'live', flags: ['disconnected'] })
    expect(at(190_000).verdict.evidence).toContain(
      'Its client (claude, process 100) is running, but closed its MCP connection 10 s ago.',
    )
    expect(at(140_000)).toMatchObject({ state: 'live', flags: ['disconnected', 'probably-orphaned'] })
  })
})

describe('never orphaned', () => {
  it.each([
    ['another user', { ownUid: 0 }, 'unknown'],
    ['another pid namespace', { details: { ...details, isForeignNamespace: true } }, 'unknown'],
    ['an unprovable namespace', { details: { ...details, isForeignNamespace: null } }, 'unknown'],
    ['unreadable descriptors', { listeners: null }, 'unknown'],
    ['a stopped one', { serena: { ...serena, process: { ...process, runState: 'T' } } }, 'suspended'],
    ['one in a debugger', { details: { ...details, tracerPid: 7 } }, 'suspended'],
    ['a frozen one', { details: { ...details, isFrozen: true } }, 'suspended'],
    [
      'a daemon over HTTP',
      { serena: { ...serena, command: { ...command, transport: 'streamable-http' } } },
      'live',
    ],
    ['a daemon over SSE', { serena: { ...serena, command: { ...command, transport: 'sse' } } }, 'live'],
    ['a healthy one', { serena: served, client: client() }, 'live'],
    [
      'one with an unreadable connection and a running client',
      { serena: served, client: client({ connection: unknown }) },
      'live',
    ],
    ['one that was not scanned yet', { client: null }, 'live'],
  ] satisfies [string, Partial<InstanceFacts>, string][])('is %s', (_, change, state) => {
    expect(judged(change)).toMatchObject({ state, flags: [] })
  })

  it('is any instance without two proven scans of an output without a reader', () => {
    const sighting = fc.option(
      fc.record({
        sinceMs: fc.integer({ min: 0, max: 200_000 }),
        scans: fc.integer({ min: 1, max: 5 }),
        spanMs: fc.integer({ min: 0, max: 100_000 }),
      }),
    )
    fc.assert(
      fc.property(
        fc.record({
          connection: fc.constantFrom(open, closed, inferred, unknown, none, leaked),
          closed: sighting,
          inputClosed: sighting,
          exited: sighting,
          exitedProcess: fc.constantFrom(null, lostClient),
        }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.constantFrom('stdio', 'sse', 'streamable-http'),
        fc.boolean(),
        (remembered, ageMs, transport, isExecuting) => {
          const one = { ...serena, command: { ...command, transport } }
          const { state } = judged({ serena: one, client: remembered, ageMs, isExecuting })
          const { closed: seen, connection } = remembered
          const isProven = connection === closed && seen !== null && seen.scans >= 2 && seen.spanMs >= 5_000
          expect(state === 'orphaned').toBe(isProven && transport === 'stdio')
        },
      ),
    )
  })
})
