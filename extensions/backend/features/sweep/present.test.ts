// The instance as outsiders see it: titles, colours, ids, and null for what is not known.
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { instanceSchema } from '#contract/instance'
import type {
  ClientFacts,
  DashboardKnowledge,
  InstanceFacts,
  Judgement,
  RegistryEntry,
  SeenFacts,
  SerenaProcess,
} from '../../facts.ts'
import { factsOf } from './owner.fixture.ts'
import { entryId, instanceId, present } from './present.ts'

const serena: SerenaProcess = {
  process: {
    identity: 'boot:24284:100',
    pid: 24284,
    ppid: 100,
    pgid: 1,
    sid: 1,
    uid: 1000,
    startedAtMs: Date.UTC(2026, 10, 23, 8),
    name: 'serena',
    argv: [],
    runState: 'S',
    rssBytes: 1,
    cpuMs: 1,
  },
  command: {
    project: 'shop',
    isProjectFromCwd: false,
    context: 'ide',
    modes: ['editing'],
    transport: 'stdio',
    mcpPort: null,
    isDashboardEnabled: null,
  },
  wrappers: [],
  descendants: [],
  client: null,
  isLauncherOnly: false,
}
const dashboard: DashboardKnowledge = {
  listener: { address: '127.0.0.1', port: 24282, socket: '7' },
  provenBy: 'answered',
  hasAnswered: true,
  look: { activeProject: 'shop', logIndex: 1 },
  overview: null,
  probes: [],
}
const entry: RegistryEntry = {
  file: '/h/instances.json',
  serenaHome: '/h',
  shape: 'c',
  pid: 77,
  port: 24283,
  startedAtMs: 5_000,
  identity: null,
  pidNamespace: null,
  projectName: null,
  projectRoot: null,
  context: 'agent',
  modes: ['one-shot'],
  lastSeenAtMs: 9_000,
}
const facts: InstanceFacts = {
  serena,
  details: null,
  entries: [],
  entryFate: null,
  listeners: [],
  dashboard: null,
  ageMs: 1,
  nowMs: 1,
  monotonicMs: 1,
  ownUid: 1000,
  projectByCommand: { name: 'shop', path: '/w/shop' },
}
const judgement: Judgement = {
  state: 'live',
  flags: [],
  verdict: { certainty: 'certain', evidence: ['It answers.'] },
}
const show = (change: Partial<InstanceFacts>) =>
  z.parse(
    instanceSchema,
    present({
      facts: { ...facts, ...change },
      judgement,
      usage: null,
      owner: null,
      serenaVersionByLog: null,
      logModifiedAtMs: null,
    }),
  )

describe('present', () => {
  it('names the client, and nobody once that has ended: who adopts an instance owns nothing', () => {
    const { client, ...owner } = factsOf({ chain: ['claude'] })
    const of = (lost: ClientFacts['lost']) =>
      present({
        facts: {
          ...facts,
          serena: { ...serena, client },
          client: {
            wire: { clientEnd: 'open', evidence: [] },
            closed: null,
            gone: null,
            inputClosed: null,
            lost,
          },
        },
        judgement,
        usage: null,
        owner: { client, ...owner },
        serenaVersionByLog: null,
        logModifiedAtMs: null,
      }).owner
    expect(of(null)).toMatchObject({ pid: 100, name: 'Claude Code' })
    expect(of({ pid: 7, name: 'uvx', isClient: false })).toMatchObject({ pid: 100 })
    expect(of({ pid: 7, name: 'claude', isClient: true })).toBeNull()
  })

  it('titles by the dashboard first, by the arguments while no dashboard has said', () => {
    const looks = (activeProject: string | null | undefined) =>
      show({ dashboard: { ...dashboard, look: { activeProject, logIndex: 0 } } }).title
    expect(looks('blog')).toBe('24284 - blog')
    expect(looks(null)).toBe('24284 - NO PROJECT')
    expect(looks(undefined)).toBe('24284 - shop')
    expect(show({}).title).toBe('24284 - shop')
    expect(show({ projectByCommand: null }).title).toBe('24284 - PROJECT UNKNOWN')
  })

  it('takes the path of the arguments only for the same project', () => {
    expect(show({ dashboard }).project).toEqual({ name: 'shop', path: '/w/shop' })
    const other = { ...dashboard, look: { activeProject: 'blog', logIndex: 0 } }
    expect(show({ dashboard: other }).project).toEqual({ name: 'blog', path: null })
  })

  it('shows a dead entry by what the entry says', () => {
    const dead = show({ serena: null, entries: [entry], projectByCommand: null })
    expect(dead).toMatchObject({
      pid: 77,
      port: 24283,
      title: '77 - PROJECT UNKNOWN',
      context: 'agent',
      modes: ['one-shot'],
      transport: null,
      memoryBytes: null,
      sources: ['registry'],
      lastActivityAt: '1970-01-01T00:00:09.000Z',
    })
  })

  it('keeps of a dead one what was seen while it lived, before what its entry says', () => {
    const owner = { pid: 100, name: 'Claude Code', detail: null }
    const shop = { name: 'shop', path: '/w/shop' }
    const left = (seen: SeenFacts, projectName: string | null = null) =>
      show({ serena: null, entries: [{ ...entry, projectName }], projectByCommand: null, seen })
    const seen = { project: shop, isProjectKnownAbsent: false, port: 24282, owner }
    expect(left(seen)).toMatchObject({ title: '77 - shop', project: shop, port: 24282, owner })
    const none = { ...seen, project: null, isProjectKnownAbsent: true, port: null }
    expect(left(none)).toMatchObject({ title: '77 - NO PROJECT', project: null, port: 24283 })
    expect(left(none, 'till').title).toBe('77 - till')
  })

  it('names sources truthfully', () => {
    expect(show({}).sources).toEqual(['process'])
    expect(show({ dashboard, entries: [entry] }).sources).toEqual([
      'process',
      'port',
      'dashboard',
      'registry',
    ])
    expect(show({ dashboard: { ...dashboard, hasAnswered: false } }).sources).toEqual(['process', 'port'])
  })

  it('gives ids that stay, differ by identity and fit an address', () => {
    expect(instanceId('boot:1:2', 1)).toBe(instanceId('boot:1:2', 1))
    expect(instanceId('boot:1:2', 1)).not.toBe(instanceId('boot:1:3', 1))
    expect(entryId(entry)).not.toBe(entryId({ ...entry, serenaHome: '/i' }))
    expect(entryId(entry)).toMatch(/^77-[0-9a-f]{12}$/)
  })
})
