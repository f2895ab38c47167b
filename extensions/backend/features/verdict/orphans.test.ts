// The table of orphans, row by row, and everything that is none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  ClientFacts,
  InstanceFacts,
  ProcessDetails,
  ProcessFact,
  Sighting,
  WireFacts,
} from '../../facts.ts'
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
const served = { ...serena, client: claude }
const listener = { address: '127.0.0.1', port: 24282, socket: '77' }

const open: WireFacts = { clientEnd: 'open', evidence: ['The other end of its wire is open.'] }
const closed: WireFacts = { clientEnd: 'closed', evidence: ['Nobody holds the other end of its wire.'] }
const unknown: WireFacts = { clientEnd: 'unknown', evidence: ['It cannot be read.'] }
const none: WireFacts = { clientEnd: 'not-applicable', evidence: ['Its stdin is a file.'] }
/** Seen since 100 s, three times. */
const long: Sighting = { sinceMs: 100_000, looks: 3, spanMs: 90_000 }
const once: Sighting = { sinceMs: 200_000, looks: 1, spanMs: 0 }
const lostClient = { pid: 4711, name: 'claude', isClient: true }

const client = (change: Partial<ClientFacts> = {}): ClientFacts => ({
  wire: open,
  wasOpen: true,
  closed: null,
  gone: null,
  both: null,
  lost: null,
  ...change,
})
const orphan = client({ wire: closed, closed: long, gone: long, both: long, lost: lostClient })
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
  it('is one whose client is gone and whose wire has no other end, though its dashboard answers', () => {
    expect(judged({})).toEqual({
      state: 'orphaned',
      flags: [],
      verdict: {
        certainty: 'certain',
        evidence: [
          'Its client (claude, process 4711) is gone for 1 min.',
          'Nobody holds the other end of its wire.',
        ],
      },
    })
  })

  it('is one found too late to know its client, and one whose launcher alone has ended', () => {
    const late = judged({ client: { ...orphan, lost: null } })
    expect(late.state).toBe('orphaned')
    expect(late.verdict.evidence[0]).toContain('nobody, or only what adopts orphans')
    const launcher = { pid: 12, name: 'uvx', isClient: false }
    const launched = judged({ serena: served, client: { ...orphan, lost: launcher } })
    expect(launched.state).toBe('orphaned')
    expect(launched.verdict.evidence[0]).toBe('What started it (uvx, process 12) is gone for 1 min.')
  })

  it('needs two looks 15 s apart, and an age of more than 60 s', () => {
    const at = (both: Sighting, ageMs = 600_000) => judged({ ageMs, client: { ...orphan, both } })
    expect(at({ sinceMs: 0, looks: 2, spanMs: 15_000 }).state).toBe('orphaned')
    expect(at({ sinceMs: 0, looks: 2, spanMs: 14_999 })).toMatchObject({
      state: 'live',
      flags: ['probably-orphaned'],
    })
    expect(at(once)).toMatchObject({ state: 'live', flags: ['probably-orphaned'] })
    expect(at(long, 60_000)).toMatchObject({ state: 'live', flags: [] })
    expect(at(long, 60_001).state).toBe('orphaned')
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
  it.each([
    ['an end still held', open],
    ['an end that cannot be read', unknown],
    ['no wire at all', none],
  ])('is one whose client is gone, with %s', (_, wire) => {
    const gone = client({ wire, gone: long, lost: lostClient })
    expect(judged({ client: gone })).toMatchObject({
      state: 'live',
      flags: ['probably-orphaned'],
      verdict: { certainty: 'certain' },
    })
    expect(judged({ client: gone, ageMs: 30_000 }).flags).toEqual([])
  })

  it('is none whose client was just seen to end: a Serena takes a moment to leave', () => {
    const at = (sinceMs: number, lost: ClientFacts['lost']) =>
      judged({ client: { ...orphan, gone: { ...once, sinceMs }, both: { ...once, sinceMs }, lost } }).flags
    expect(at(195_000, lostClient)).toEqual([])
    expect(at(190_000, lostClient)).toEqual(['probably-orphaned'])
    expect(at(200_000, null)).toEqual(['probably-orphaned'])
  })

  it('is none whose launcher ended while its client lives on the wire, nor one whose ancestor holds the end', () => {
    const launcher = { pid: 12, name: 'uvx', isClient: false }
    expect(judged({ serena: served, client: client({ gone: long, lost: launcher }) }).flags).toEqual([])
    const held = { ...open, isHeldByAncestor: true }
    expect(judged({ client: client({ wire: held, gone: long }) }).flags).toEqual([])
  })
})

describe('disconnected', () => {
  it('is one whose client closed its end but lives; after a minute it is probably orphaned too', () => {
    const at = (sinceMs: number) =>
      judged({ serena: served, client: client({ wire: closed, closed: { ...long, sinceMs } }) })
    expect(at(190_000)).toMatchObject({ state: 'live', flags: ['disconnected'] })
    expect(at(190_000).verdict.evidence).toContain(
      'Its client (claude, process 100) lives, but closed its end of the wire 10 s ago.',
    )
    expect(at(140_000)).toMatchObject({ state: 'live', flags: ['disconnected', 'probably-orphaned'] })
  })

  it('says what cannot be told of one that was never seen with an open wire', () => {
    const late = client({ wire: closed, wasOpen: false, closed: { ...long, sinceMs: 140_000 } })
    const { state, flags, verdict } = judged({ serena: served, client: late })
    expect([state, ...flags]).toEqual(['live', 'disconnected', 'probably-orphaned'])
    expect(verdict.evidence).toContain(
      'Its client (claude, process 100) lives, but the other end of the wire is closed since before it was first looked at: either it closed it, or it only adopted this instance from a client that is gone.',
    )
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
      'one with an unreadable wire and a live client',
      { serena: served, client: client({ wire: unknown }) },
      'live',
    ],
    ['one not looked at yet', { client: null }, 'live'],
  ] satisfies [string, Partial<InstanceFacts>, string][])('is %s', (_, change, state) => {
    expect(judged(change)).toMatchObject({ state, flags: [] })
  })

  it('is anything without a closed wire, a gone client, two looks and an age, whatever else is so', () => {
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
          wire: fc.constantFrom(open, closed, unknown, none),
          closed: sighting,
          gone: sighting,
          wasOpen: fc.boolean(),
          both: sighting,
          lost: fc.constantFrom(null, lostClient),
        }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.constantFrom('stdio', 'sse', 'streamable-http'),
        fc.boolean(),
        (remembered, ageMs, transport, isExecuting) => {
          const one = { ...serena, command: { ...command, transport } }
          const { state } = judged({ serena: one, client: remembered, ageMs, isExecuting })
          const { both } = remembered
          const isProven = both !== null && both.looks >= 2 && both.spanMs >= 15_000
          if (!isProven || ageMs <= 60_000 || transport !== 'stdio') expect(state).not.toBe('orphaned')
        },
      ),
    )
  })
})
