// The instance as outsiders see it: titles, colours, ids, and null for what is not known.
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { instanceSchema } from '#contract/instance'
import type { ClientFacts } from '../clients/client-facts.ts'
import { factsOf } from '../clients/owner.fixture.ts'
import type { DashboardKnowledge } from '../dashboards/dashboard-facts.ts'
import { processFact } from '../os/process-fact.fixture.ts'
import { entryId } from '../registry/entry-id.ts'
import { registryEntry } from '../registry/registry-entry.fixture.ts'
import { instanceId } from '../serena/instance-id.ts'
import { serenaCommand, serenaProcess } from '../serena/serena-process.fixture.ts'
import { instanceFacts } from '../verdict/instance-facts.fixture.ts'
import type { InstanceFacts, Judgment, SeenFacts } from '../verdict/instance-facts.ts'
import { present } from './present.ts'

const serena = serenaProcess({
  process: processFact({
    identity: 'boot:24284:100',
    pid: 24284,
    startedAtMs: Date.UTC(2026, 10, 23, 8),
    name: 'serena',
    argv: [],
  }),
  command: serenaCommand({ project: 'shop', context: 'ide', modes: ['editing'] }),
})
const dashboard: DashboardKnowledge = {
  listener: { address: '127.0.0.1', port: 24282, socket: '7' },
  provenBy: 'answered',
  hasAnswered: true,
  status: { activeProject: 'shop', logIndex: 1 },
  overview: null,
  probes: [],
}
const entry = registryEntry({
  file: '/h/instances.json',
  serenaHome: '/h',
  pid: 77,
  port: 24283,
  startedAtMs: 5_000,
  context: 'agent',
  modes: ['one-shot'],
  lastSeenAtMs: 9_000,
})
const facts = instanceFacts({
  serena,
  details: null,
  listeners: [],
  projectByCommand: { name: 'shop', path: '/w/shop' },
})
const judgement: Judgment = {
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
  it('names the client, and none once that has exited: a process that adopts an instance does not own it', () => {
    const { client, ...owner } = factsOf({ chain: ['claude'] })
    const of = (
      exitedProcess: ClientFacts['exitedProcess'],
      connection: ClientFacts['connection'] = { clientEnd: 'open', evidence: [] },
    ) =>
      present({
        facts: {
          ...facts,
          serena: { ...serena, client },
          client: {
            connection,
            closed: null,
            exited: null,
            inputClosed: null,
            exitedProcess,
          },
        },
        judgement,
        usage: null,
        owner: { client, ...owner },
        serenaVersionByLog: null,
        logModifiedAtMs: null,
      })
    expect(of(null).owner).toMatchObject({ pid: 100, name: 'Claude Code' })
    expect(of({ pid: 7, name: 'uvx', isClient: false }).owner).toMatchObject({ pid: 100 })
    expect(of({ pid: 7, name: 'claude', isClient: true }).owner).toBeNull()
    // The owner is listed as a client only while its end of the connection is proven open and visible.
    expect(of(null).clients).toMatchObject([{ pid: 100, name: 'Claude Code' }])
    expect(of({ pid: 7, name: 'claude', isClient: true }).clients).toBeUndefined()
    expect(of(null, { clientEnd: 'unknown', evidence: [] }).clients).toBeUndefined()
    expect(of(null, { clientEnd: 'open', holder: null, evidence: [] }).clients).toBeUndefined()
  })

  it('takes the title from the dashboard, and from the arguments until one has answered', () => {
    const titleAt = (activeProject: string | null | undefined) =>
      show({ dashboard: { ...dashboard, status: { activeProject, logIndex: 0 } } }).title
    expect(titleAt('blog')).toBe('24284 - blog')
    expect(titleAt(null)).toBe('24284 - NO PROJECT')
    expect(titleAt(undefined)).toBe('24284 - shop')
    expect(show({}).title).toBe('24284 - shop')
    expect(show({ projectByCommand: null }).title).toBe('24284 - PROJECT UNKNOWN')
  })

  it('takes the path of the arguments only for the same project', () => {
    expect(show({ dashboard }).project).toEqual({ name: 'shop', path: '/w/shop' })
    const other = { ...dashboard, status: { activeProject: 'blog', logIndex: 0 } }
    expect(show({ dashboard: other }).project).toEqual({ name: 'blog', path: null })
  })

  it('shows a dead entry with the facts of the entry', () => {
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

  it('prefers what was seen while a dead instance was running to the facts of its entry', () => {
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

  it('names the sources of its facts', () => {
    expect(show({}).sources).toEqual(['process'])
    expect(show({ dashboard, entries: [entry] }).sources).toEqual([
      'process',
      'port',
      'dashboard',
      'registry',
    ])
    expect(show({ dashboard: { ...dashboard, hasAnswered: false } }).sources).toEqual(['process', 'port'])
  })

  it('gives ids that are stable, differ by identity and are valid in a URL', () => {
    expect(instanceId('boot:1:2', 1)).toBe(instanceId('boot:1:2', 1))
    expect(instanceId('boot:1:2', 1)).not.toBe(instanceId('boot:1:3', 1))
    expect(entryId(entry)).not.toBe(entryId({ ...entry, serenaHome: '/i' }))
    expect(entryId(entry)).toMatch(/^77-[0-9a-f]{12}$/)
  })
})
