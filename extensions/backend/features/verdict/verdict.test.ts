// The verdict table, row by row, on facts as the sweep gives them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATES } from '#contract/instance'
import type {
  DashboardKnowledge,
  InstanceFacts,
  ProbeOutcome,
  ProcessDetails,
  ProcessFact,
  RegistryEntry,
  SerenaProcess,
} from '../../facts.ts'
import { judge, missesOf } from './verdict.ts'

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
const command = {
  project: null,
  isProjectFromCwd: false,
  context: null,
  modes: [],
  transport: 'stdio',
  mcpPort: null,
  isDashboardEnabled: null,
}
const serena: SerenaProcess = {
  process,
  command,
  wrappers: [],
  descendants: [],
  client: null,
  isLauncherOnly: false,
}
const details: ProcessDetails = {
  cwd: '/home/ana',
  environment: {},
  tracerPid: 0,
  isFrozen: false,
  isForeignNamespace: false,
  openLogFiles: [],
}
const listener = { address: '127.0.0.1', port: 24282, socket: '77' }
const answer: ProbeOutcome = { atMs: 1_000, tookMs: 2, result: 'answered' }
const silence = (atMs: number): ProbeOutcome => ({ atMs, tookMs: 1_500, result: 'silent' })
const dashboard: DashboardKnowledge = {
  listener,
  provenBy: 'answered',
  hasAnswered: true,
  look: { activeProject: 'shop', logIndex: 3 },
  overview: null,
  probes: [answer],
}
const entry: RegistryEntry = {
  file: '/home/ana/.serena/instances.json',
  serenaHome: '/home/ana/.serena',
  shape: 'c',
  pid: 24284,
  port: 24282,
  startedAtMs: 0,
  identity: null,
  pidNamespace: null,
  projectName: 'shop',
  projectRoot: null,
  context: null,
  modes: [],
  lastSeenAtMs: null,
}
const facts = (change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  serena,
  details,
  entries: [],
  entryFate: null,
  listeners: [listener],
  dashboard,
  ageMs: 600_000,
  nowMs: 600_000,
  monotonicMs: 2_000,
  ownUid: 1000,
  projectByCommand: null,
  ...change,
})
const entryOnly = (entryFate: InstanceFacts['entryFate']): InstanceFacts =>
  facts({
    serena: null,
    details: null,
    dashboard: null,
    listeners: null,
    ageMs: null,
    entries: [entry],
    entryFate,
  })
const stateOf = (change: Partial<InstanceFacts>): string => judge(facts(change)).state

describe('the verdict table', () => {
  it('calls an answering one with a project live', () => {
    expect(judge(facts())).toEqual({
      state: 'live',
      flags: [],
      verdict: {
        certainty: 'certain',
        evidence: ['Answers on port 24282; a project is active.', 'Process 24284 owns that port.'],
      },
    })
  })

  it('calls an answering one without a project idle, and one that cannot say idle too', () => {
    expect(stateOf({ dashboard: { ...dashboard, look: { activeProject: null, logIndex: 0 } } })).toBe('idle')
    const old = judge(facts({ dashboard: { ...dashboard, look: { activeProject: undefined, logIndex: 0 } } }))
    expect(old.state).toBe('idle')
    expect(old.verdict.evidence[0]).toContain('cannot say')
  })

  it.each([
    ['another user, even when we are root', { ownUid: 0 }],
    ['another pid namespace', { details: { ...details, isForeignNamespace: true } }],
    ['an unprovable pid namespace', { details: { ...details, isForeignNamespace: null } }],
    ['unreadable details', { details: { ...details, environment: null, cwd: null } }],
    ['unreadable descriptors', { listeners: null }],
    ['nothing read at all', { details: null }],
  ] satisfies [string, Partial<InstanceFacts>][])('calls %s unknown, never dead', (_, change) => {
    expect(judge(facts(change))).toMatchObject({ state: 'unknown', verdict: { certainty: 'unknown' } })
  })

  it('gives a dead entry its reason', () => {
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
    'calls a %s one suspended, whatever its dashboard does',
    (_, change) => {
      const probes = [answer, silence(2_000), silence(7_000), silence(12_000)]
      expect(stateOf({ ...change, dashboard: { ...dashboard, probes }, monotonicMs: 20_000 })).toBe(
        'suspended',
      )
    },
  )

  it('calls it hung after three silent looks over ten seconds, and not before', () => {
    const hung = [answer, silence(2_000), silence(7_000), silence(12_000)]
    const at = (probes: ProbeOutcome[]) =>
      judge(facts({ dashboard: { ...dashboard, probes }, monotonicMs: 13_500 }))
    expect(at(hung)).toMatchObject({ state: 'hung', verdict: { certainty: 'certain' } })
    expect(at(hung).verdict.evidence[0]).toBe('No answer on port 24282 for 11 s (3 looks).')
    expect(at(hung.slice(0, 3))).toMatchObject({ state: 'live', flags: ['slow'] })
    expect(at([answer, silence(2_000), silence(4_000), silence(6_000)]).state).toBe('live')
    expect(at([...hung, { atMs: 15_000, tookMs: 1, result: 'answered' }])).toMatchObject({
      state: 'live',
      flags: [],
    })
  })

  it('never calls one hung that is young and has not answered yet', () => {
    const silent = { ...dashboard, provenBy: 'log', hasAnswered: false, look: null } as const
    const probes = [silence(0), silence(5_000), silence(10_000)]
    const change = { dashboard: { ...silent, probes }, monotonicMs: 12_000 }
    expect(stateOf({ ...change, ageMs: 59_000 })).toBe('starting')
    expect(stateOf({ ...change, ageMs: 61_000 })).toBe('hung')
    expect(judge(facts({ dashboard: { ...silent, probes: [silence(0)] }, ageMs: 61_000 }))).toMatchObject({
      state: 'unknown',
      verdict: { certainty: 'unknown' },
    })
  })

  it('takes what the platform tells of nobody for no refusal', () => {
    const untold = { ...details, cwd: null, environment: null, openLogFiles: null }
    expect(judge(facts({ details: untold })).state).toBe('unknown')
    expect(judge(facts({ details: { ...untold, isUntold: true } })).state).not.toBe('unknown')
  })

  it('tells why there is no dashboard', () => {
    const off = { ...serena, command: { ...command, isDashboardEnabled: false } }
    const verdict = (change: Partial<InstanceFacts>) => judge(facts({ dashboard: null, ...change }))
    expect(verdict({ serena: off, listeners: [] }).verdict.evidence[1]).toContain('switched off')
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

  it('judges whatever the facts are, and without a process never as anything but dead or unknown', () => {
    const probe = fc.record({
      atMs: fc.integer({ min: 0, max: 1e6 }),
      tookMs: fc.integer({ min: 0, max: 2_000 }),
      result: fc.constantFrom('answered' as const, 'silent' as const, 'refused' as const),
    })
    fc.assert(
      fc.property(
        fc.array(probe, { maxLength: 12 }),
        fc.boolean(),
        fc.option(fc.integer()),
        (probes, has, ageMs) => {
          const { state } = judge(facts({ dashboard: { ...dashboard, probes, hasAnswered: has }, ageMs }))
          expect(STATES).toContain(state)
          if (probes.at(-1)?.result === 'answered') expect(state).not.toBe('hung')
        },
      ),
    )
  })
})
