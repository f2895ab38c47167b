// The verdict table, row by row, with facts as a scan finds them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATES } from '#contract/instance'
import type { DashboardKnowledge, ProbeOutcome } from '../dashboards/dashboard-facts.ts'
import { processDetails } from '../os/process-fact.fixture.ts'
import { registryEntry } from '../registry/registry-entry.fixture.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import { missesOf } from './dashboard-rules.ts'
import { instanceFacts, listener } from './instance-facts.fixture.ts'
import type { InstanceFacts } from './instance-facts.ts'
import { judge } from './verdict.ts'

const serena = serenaProcess()
const { command, process } = serena
const details = processDetails()
const answer: ProbeOutcome = { atMs: 1_000, tookMs: 2, result: 'answered' }
const silence = (atMs: number): ProbeOutcome => ({ atMs, tookMs: 1_500, result: 'silent' })
const dashboard: DashboardKnowledge = {
  listener,
  provenBy: 'answered',
  hasAnswered: true,
  status: { activeProject: 'shop', logIndex: 3 },
  overview: null,
  probes: [answer],
}
const entry = registryEntry({ projectName: 'shop' })
const facts = (change: Partial<InstanceFacts> = {}) => instanceFacts({ dashboard, ...change })
const entryOnly = (entryStatus: InstanceFacts['entryStatus']): InstanceFacts =>
  facts({
    serena: null,
    details: null,
    dashboard: null,
    listeners: null,
    ageMs: null,
    entries: [entry],
    entryStatus,
  })
const stateOf = (change: Partial<InstanceFacts>): string => judge(facts(change)).state

describe('an instance that the hub runs', () => {
  const [hung, orphaned]: Partial<InstanceFacts>[] = [
    { dashboard: { ...dashboard, probes: [answer, silence(2_000), silence(8_000), silence(14_000)] } },
    {
      client: {
        connection: { clientEnd: 'closed', evidence: ['No process reads its stdout.'], isProven: true },
        closed: { sinceMs: 0, scans: 3, spanMs: 9_000 },
        inputClosed: null,
        exited: null,
        exitedProcess: null,
      },
    },
  ]

  it.each([
    ['hung', hung],
    ['orphaned', orphaned],
  ])('is not %s while the hub is running, and is judged as all others without it', (state, change) => {
    const at = { ...change, monotonicMs: 20_000 }
    expect(stateOf(at)).toBe(state)
    for (const clients of [0, 3]) expect(stateOf({ ...at, hub: { clients } })).toBe('live')
    expect(stateOf({ ...at, hub: null })).toBe(state)
  })

  it('says how many clients it has, and that its answers are slow', () => {
    const { flags, verdict } = judge(facts({ ...hung, monotonicMs: 20_000, hub: { clients: 3 } }))
    expect(flags).toEqual(['slow'])
    expect(verdict.evidence).toContain('The hub runs it for 3 clients.')
    expect(judge(facts({ hub: { clients: 0 } })).verdict.evidence).toContain(
      'The hub keeps it running for its next client.',
    )
  })
})

describe('the verdict table', () => {
  it('is live with a dashboard that answers and a project', () => {
    expect(judge(facts())).toEqual({
      state: 'live',
      flags: [],
      verdict: {
        certainty: 'certain',
        evidence: ['Answers on port 24282; a project is active.', 'Process 24284 owns that port.'],
      },
    })
  })

  it('is idle without a project, and probably idle if the project is not reported', () => {
    expect(stateOf({ dashboard: { ...dashboard, status: { activeProject: null, logIndex: 0 } } })).toBe(
      'idle',
    )
    const old = judge(
      facts({ dashboard: { ...dashboard, status: { activeProject: undefined, logIndex: 0 } } }),
    )
    expect(old.state).toBe('idle')
    expect(old.verdict).toMatchObject({ certainty: 'probable' })
    expect(old.verdict.evidence[0]).toContain('does not report its active project')
  })

  it.each([
    ['another user, even when we are root', { ownUid: 0 }],
    ['another pid namespace', { details: { ...details, isForeignNamespace: true } }],
    ['an unprovable pid namespace', { details: { ...details, isForeignNamespace: null } }],
    ['unreadable details', { details: { ...details, environment: null, cwd: null } }],
    ['unreadable descriptors', { listeners: null }],
    ['nothing read at all', { details: null }],
  ] satisfies [string, Partial<InstanceFacts>][])('is unknown, never dead, with %s', (_, change) => {
    expect(judge(facts(change))).toMatchObject({ state: 'unknown', verdict: { certainty: 'unknown' } })
  })

  it('explains why an entry is dead', () => {
    expect(judge(entryOnly({ kind: 'gone' }))).toMatchObject({
      state: 'dead',
      verdict: { certainty: 'certain' },
    })
    expect(judge(entryOnly({ kind: 'defunct' })).verdict.evidence[0]).toContain('reaped')
    expect(judge(entryOnly({ kind: 'reused', by: 'bash' })).verdict.evidence[0]).toContain('bash')
    expect(judge(entryOnly({ kind: 'unjudgeable', why: 'The list cannot be read.' })).state).toBe('unknown')
  })

  it.each([
    ['stopped', { serena: { ...serena, process: { ...process, runState: 'T' } } }],
    ['traced', { details: { ...details, tracerPid: 7 } }],
    ['frozen', { details: { ...details, isFrozen: true } }],
  ] satisfies [string, Partial<InstanceFacts>][])(
    'is suspended when %s, whatever its dashboard does',
    (_, change) => {
      const probes = [answer, silence(2_000), silence(7_000), silence(12_000)]
      expect(stateOf({ ...change, dashboard: { ...dashboard, probes }, monotonicMs: 20_000 })).toBe(
        'suspended',
      )
    },
  )

  it('is hung after three unanswered probes over ten seconds, and not before', () => {
    const hung = [answer, silence(2_000), silence(7_000), silence(12_000)]
    const at = (probes: ProbeOutcome[]) =>
      judge(facts({ dashboard: { ...dashboard, probes }, monotonicMs: 13_500 }))
    expect(at(hung)).toMatchObject({ state: 'hung', verdict: { certainty: 'certain' } })
    expect(at(hung).verdict.evidence[0]).toBe('No answer on port 24282 for 11 s (3 probes).')
    expect(at(hung.slice(0, 3))).toMatchObject({ state: 'live', flags: ['slow'] })
    expect(at([answer, silence(2_000), silence(4_000), silence(6_000)]).state).toBe('live')
    expect(at([...hung, { atMs: 15_000, tookMs: 1, result: 'answered' }])).toMatchObject({
      state: 'live',
      flags: [],
    })
  })

  it('is not hung while it is young and has not answered yet', () => {
    const silent = { ...dashboard, provenBy: 'log', hasAnswered: false, status: null } as const
    const probes = [silence(0), silence(5_000), silence(10_000)]
    const change = { dashboard: { ...silent, probes }, monotonicMs: 12_000 }
    expect(stateOf({ ...change, ageMs: 59_000 })).toBe('starting')
    expect(stateOf({ ...change, ageMs: 61_000 })).toBe('hung')
    expect(judge(facts({ dashboard: { ...silent, probes: [silence(0)] }, ageMs: 61_000 }))).toMatchObject({
      state: 'unknown',
      verdict: { certainty: 'unknown' },
    })
  })

  it('does not treat facts that the platform never reports as refused', () => {
    const unavailable = { ...details, cwd: null, environment: null, openLogFiles: null }
    expect(judge(facts({ details: unavailable })).state).toBe('unknown')
    expect(judge(facts({ details: { ...unavailable, isUnavailable: true } })).state).not.toBe('unknown')
  })

  it('gives the reason why a process cannot be read', () => {
    const refusal = 'Process 20 runs with higher privileges than Serena Deck.'
    const refused = { ...details, cwd: null, environment: null, refusal }
    expect(judge(facts({ details: refused }))).toMatchObject({
      state: 'unknown',
      verdict: { evidence: [refusal] },
    })
  })

  it('explains why there is no dashboard', () => {
    const off = { ...serena, command: { ...command, isDashboardEnabled: false } }
    const verdict = (change: Partial<InstanceFacts>) => judge(facts({ dashboard: null, ...change }))
    expect(verdict({ serena: off, listeners: [] }).verdict.evidence[1]).toContain('disabled')
    expect(verdict({ listeners: [] }).state).toBe('no-dashboard')
    expect(verdict({}).verdict.evidence[1]).toContain('port 24282')
    expect(verdict({ ageMs: 5_000 }).state).toBe('starting')
    expect(verdict({ serena: off, listeners: [], ageMs: 5_000 }).state).toBe('no-dashboard')
  })

  it('flags a listener that other machines may reach', () => {
    const wide = { ...listener, address: '0.0.0.0' }
    expect(judge(facts({ listeners: [wide] })).flags).toEqual(['exposed'])
    expect(judge(facts({ listeners: [{ ...listener, address: '::' }] })).verdict.evidence).toContain(
      'Listens on [::]:24282, which other machines may reach.',
    )
  })

  it('counts only the misses since the last answer', () => {
    expect(missesOf({ ...dashboard, probes: [silence(1), answer, silence(2)] })).toEqual([silence(2)])
    expect(missesOf(null)).toEqual([])
  })

  const statuses = [
    { kind: 'gone' },
    { kind: 'defunct' },
    { kind: 'reused', by: 'bash' },
    { kind: 'unjudgeable', why: 'The list cannot be read.' },
  ] as const satisfies InstanceFacts['entryStatus'][]
  const probe = fc.record({
    atMs: fc.integer({ min: 0, max: 1e6 }),
    tookMs: fc.integer({ min: 0, max: 2_000 }),
    result: fc.constantFrom('answered' as const, 'silent' as const, 'refused' as const),
  })
  const dashboards = fc
    .record({ probes: fc.array(probe, { maxLength: 12 }), hasAnswered: fc.boolean() })
    .map((change) => ({ ...dashboard, ...change }))

  it('returns one of the states for any facts, and never hung after an answer', () => {
    fc.assert(
      fc.property(dashboards, fc.option(fc.integer()), (known, ageMs) => {
        const { state } = judge(facts({ dashboard: known, ageMs }))
        expect(STATES).toContain(state)
        if (known.probes.at(-1)?.result === 'answered') expect(state).not.toBe('hung')
      }),
    )
  })

  it('calls an entry without a process dead if that is proven, else unknown', () => {
    const noProcess = { serena: null, details: null, listeners: null, entries: [entry] }
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.option(dashboards),
        fc.option(fc.integer()),
        (entryStatus, known, ageMs) => {
          const { state } = judge(facts({ ...noProcess, entryStatus, dashboard: known, ageMs }))
          expect(state).toBe(entryStatus.kind === 'unjudgeable' || known !== null ? 'unknown' : 'dead')
        },
      ),
    )
  })

  const bridge = {
    place: 'container',
    program: 'docker',
    target: 'box',
    idFile: null,
    stop: null,
    ports: [],
  } as const
  const leftTree = {
    id: '1-x',
    serenaPid: 7,
    project: null,
    running: [process],
    name: 'gopls',
    exitedAtMs: 0,
  }
  const connection = { clientEnd: 'closed', isProven: true, holder: null, evidence: ['No reader.'] } as const
  const closed = { sinceMs: 0, scans: 2, spanMs: 5_000 }
  const without = { serena: null, details: null, dashboard: null, listeners: null, ageMs: null }
  it.each([
    ['unknown', 'unknown', { serena: { ...serena, isLauncherOnly: true, remote: { bridge, process } } }],
    ['unknown', 'unknown', { ownUid: 0 }],
    ['unknown', 'unknown', { ...without, dashboard }],
    ['dead', 'certain', { ...without, entries: [entry], entryStatus: { kind: 'gone' } }],
    ['dead', 'certain', { ...without, entries: [entry], entryStatus: { kind: 'defunct' } }],
    ['dead', 'certain', { ...without, entries: [entry], entryStatus: { kind: 'reused', by: 'bash' } }],
    ['suspended', 'certain', { details: { ...details, isFrozen: true } }],
    [
      'orphaned',
      'certain',
      { client: { connection, closed, inputClosed: null, exited: null, exitedProcess: null } },
    ],
    ['leftover', 'certain', { ...without, leftTree }],
    [
      'hung',
      'certain',
      { dashboard: { ...dashboard, probes: [0, 5_000, 10_000].map(silence) }, monotonicMs: 12_000 },
    ],
    ['starting', 'certain', { dashboard: null, ageMs: 5_000 }],
    ['no-dashboard', 'certain', { dashboard: null }],
    ['unknown', 'unknown', { dashboard: { ...dashboard, hasAnswered: false, provenBy: 'log', probes: [] } }],
    ['live', 'certain', {}],
    ['idle', 'certain', { dashboard: { ...dashboard, status: { activeProject: null, logIndex: 0 } } }],
    ['idle', 'probable', { dashboard: { ...dashboard, status: { activeProject: undefined, logIndex: 0 } } }],
    ['idle', 'unknown', without],
  ] satisfies [string, string, Partial<InstanceFacts>][])(
    'is %s with certainty "%s" in its row: %#',
    (state, certainty, change) => {
      const judged = judge(facts(change))
      expect([judged.state, judged.verdict.certainty]).toEqual([state, certainty])
      expect(judged.verdict.evidence[0]).toMatch(/^[A-Z].*\.$/)
    },
  )
})
