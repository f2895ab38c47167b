// The table of orphans, row by row, and everything that is none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClientFacts, InstanceFacts, ProcessDetails, ProcessFact, Sighting } from '../../facts.ts'
import type { ConnectionHolder, WireFacts } from '../../os/connection-facts.ts'
import { judge } from './verdict.ts'

const process: ProcessFact = {
  identity: 'boot:24284:100',
  pid: 24284,
  ppid: 100,
  pgid: 24284,
  sid: 24284,
  uid: 1000,
  startedAtMs: 0,
  name: 'serena',
  argv: ['serena', 'start-mcp-server'],
  runState: 'S',
  rssBytes: 1,
  cpuMs: 1,
}
const claude: ProcessFact = { ...process, identity: 'boot:100:1', pid: 100, ppid: 1, name: 'claude' }
const details: ProcessDetails = {
  cwd: '/home/ana',
  environment: {},
  tracerPid: 0,
  isFrozen: false,
  isForeignNamespace: false,
  openLogFiles: [],
}
const command = {
  project: null,
  isProjectFromCwd: false,
  context: null,
  modes: [],
  transport: 'stdio',
  mcpPort: null,
  isDashboardEnabled: null,
}
const serena = { process, command, wrappers: [], descendants: [], client: null, isLauncherOnly: false }
const served = { ...serena, client: claude, isClientSeen: true }
const listener = { address: '127.0.0.1', port: 24282, socket: '77' }

const open: WireFacts = {
  clientEnd: 'open',
  isProven: true,
  holder: null,
  evidence: ['Its stdout has a reader.'],
}
const closed: WireFacts = {
  clientEnd: 'closed',
  isProven: true,
  holder: null,
  evidence: ['No process reads its stdout.'],
}
/** What is inferred where the platform proves nothing. */
const inferred: WireFacts = { clientEnd: 'closed', evidence: ['The other end of its stdin is closed.'] }
const unknown: WireFacts = { clientEnd: 'unknown', holder: null, evidence: ['It cannot be read.'] }
const none: WireFacts = { clientEnd: 'not-applicable', evidence: ['Its stdin is a file.'] }
const sleep: ConnectionHolder = {
  pid: 77,
  identity: 'boot:77:1',
  name: 'sleep',
  isAncestor: false,
  hasBothEnds: false,
}
/** A sibling that inherited the reading end. */
const leaked: WireFacts = { ...open, holder: sleep, evidence: ['Its stdout is read by process 77 (sleep).'] }
/** Seen since 100 s, three times. */
const long: Sighting = { sinceMs: 100_000, looks: 3, spanMs: 90_000 }
const once: Sighting = { sinceMs: 200_000, looks: 1, spanMs: 0 }
const lostClient = { pid: 4711, name: 'claude', isClient: true }

const client = (change: Partial<ClientFacts> = {}): ClientFacts => ({
  wire: open,
  closed: null,
  inputClosed: null,
  gone: null,
  lost: null,
  ...change,
})
const orphan = client({ wire: closed, closed: long, gone: long, lost: lostClient })
const facts = (change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  serena,
  details,
  entries: [],
  entryFate: null,
  listeners: [listener],
  dashboard: {
    listener,
    provenBy: 'answered',
    hasAnswered: true,
    look: { activeProject: 'shop', logIndex: 3 },
    overview: null,
    probes: [{ atMs: 199_000, tookMs: 2, result: 'answered' }],
  },
  ageMs: 600_000,
  nowMs: 600_000,
  monotonicMs: 200_000,
  ownUid: 1000,
  projectByCommand: null,
  client: orphan,
  ...change,
})
const judged = (change: Partial<InstanceFacts>) => judge(facts(change))

describe('orphaned', () => {
  it('is one whose output has no reader, though its dashboard answers', () => {
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
      { serena: { ...serena, process: { ...process, ppid: 1 } } },
      null,
      'its parent is now init',
    ],
    [
      'a launcher has exited',
      {},
      { pid: 12, name: 'uvx', isClient: false },
      'started it (uvx, process 12) has exited',
    ],
    ['its client is running', { serena: served }, null, 'is running, but closed its MCP connection'],
  ] as const)('whatever stands above it explains only: %s', (_, change, lost, words) => {
    const { state, verdict } = judged({ ...change, client: { ...orphan, gone: null, lost } })
    expect([state, verdict.evidence[0]]).toEqual(['orphaned', 'No process reads its stdout.'])
    expect(verdict.evidence[1]).toContain(words)
  })

  it('needs two looks 5 s apart, and nothing is said before: most exit by themselves', () => {
    const at = (of: Sighting) => judged({ client: { ...orphan, closed: of } })
    expect(at({ sinceMs: 0, looks: 2, spanMs: 5_000 }).state).toBe('orphaned')
    expect(at({ sinceMs: 0, looks: 2, spanMs: 4_999 })).toMatchObject({ state: 'live', flags: [] })
    expect(at({ sinceMs: 0, looks: 1, spanMs: 9_000 })).toMatchObject({ state: 'live', flags: [] })
    expect(judged({ ageMs: 8_000 }).state).toBe('orphaned')
  })

  it('comes before hung, and finishes while a tool runs', () => {
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
  const gone = { gone: long, lost: lostClient }
  it.each([
    ['a process that inherited the reading end', leaked],
    ['a connection that cannot be read', unknown],
    ['no connection that can be judged', none],
  ])('is one whose client was seen to exit, with %s', (_, wire) => {
    expect(judged({ client: client({ wire, ...gone }) })).toMatchObject({
      state: 'live',
      flags: ['probably-orphaned'],
    })
    expect(judged({ client: client({ wire, ...gone }), ageMs: 30_000 }).flags).toEqual([])
    expect(judged({ client: client({ wire, ...gone, gone: { ...once, sinceMs: 195_000 } }) }).flags).toEqual(
      [],
    )
  })

  it.each([
    ['a reader that cannot be seen', open],
    ['a reader that writes as well', { ...leaked, holder: { ...sleep, hasBothEnds: true } }],
    ['an ancestor that reads', { ...leaked, holder: { ...sleep, isAncestor: true } }],
  ])('is none with %s', (_, wire) => {
    expect(judged({ client: client({ wire, ...gone }) }).flags).toEqual([])
  })

  it('is none where no client was ever seen: one that cannot be seen has not exited', () => {
    const presumed = { pid: 12, name: 'starter', isClient: false }
    for (const wire of [open, unknown, none, leaked])
      expect(judged({ client: client({ wire, lost: presumed }) }).flags).toEqual([])
  })

  it('is one that the platform cannot prove to be orphaned, and never more', () => {
    const unproven = client({ wire: inferred, closed: long })
    expect(judged({ client: unproven })).toMatchObject({ state: 'live', flags: ['probably-orphaned'] })
    expect(judged({ client: unproven, serena: served }).flags).toEqual([])
  })
})

describe('disconnected', () => {
  it('is one whose input was closed and whose output has a reader; after a minute it is probably orphaned too', () => {
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
      { serena: served, client: client({ wire: unknown }) },
      'live',
    ],
    ['one not looked at yet', { client: null }, 'live'],
  ] satisfies [string, Partial<InstanceFacts>, string][])('is %s', (_, change, state) => {
    expect(judged(change)).toMatchObject({ state, flags: [] })
  })

  it('is anything without two proven looks at an output without a reader, whatever else is so', () => {
    const sighting = fc.option(
      fc.record({
        sinceMs: fc.integer({ min: 0, max: 200_000 }),
        looks: fc.integer({ min: 1, max: 5 }),
        spanMs: fc.integer({ min: 0, max: 100_000 }),
      }),
    )
    fc.assert(
      fc.property(
        fc.record({
          wire: fc.constantFrom(open, closed, inferred, unknown, none, leaked),
          closed: sighting,
          inputClosed: sighting,
          gone: sighting,
          lost: fc.constantFrom(null, lostClient),
        }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.constantFrom('stdio', 'sse', 'streamable-http'),
        fc.boolean(),
        (remembered, ageMs, transport, isExecuting) => {
          const one = { ...serena, command: { ...command, transport } }
          const { state } = judged({ serena: one, client: remembered, ageMs, isExecuting })
          const { closed: seen, wire } = remembered
          const isProven = wire === closed && seen !== null && seen.looks >= 2 && seen.spanMs >= 5_000
          expect(state === 'orphaned').toBe(isProven && transport === 'stdio')
        },
      ),
    )
  })
})
