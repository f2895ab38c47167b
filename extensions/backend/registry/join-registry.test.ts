// What a registry entry's process has become, by identity and never by its pid alone.
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { isListed, joinRegistry, staleDerivedEntries } from './join-registry.ts'
import { registryEntry } from './registry-entry.fixture.ts'
import type { RegistryEntry } from './registry-entry.ts'

const startedAtMs = 1_000_000
const process = processFact({
  identity: 'boot:500:10',
  pid: 500,
  startedAtMs,
  argv: ['serena', 'start-mcp-server'],
})
const serena = serenaProcess({ process })
const entry = registryEntry({ serenaHome: '/h', pid: 500, startedAtMs: startedAtMs + 900 })
const own: RegistryEntry = { ...entry, shape: 'own', identity: process.identity, pidNamespace: 'pid:[1]' }
const join = (
  one: RegistryEntry,
  processes: ProcessTable,
  serenas: SerenaProcess[] = [serena],
  innerPids: ReadonlySet<number> = new Set(),
) => joinRegistry({ table: processes, serenas, entries: [one], pidNamespace: 'pid:[1]', innerPids })[0]

describe('joinRegistry', () => {
  it('joins an entry to its running Serena, also by the pid of its launcher', () => {
    expect(join(entry, processTable(process))).toMatchObject({ serena, status: null })
    expect(join(own, processTable(process))).toMatchObject({ serena, status: null })
    const launcher = { ...process, pid: 499, identity: 'boot:499:9', name: 'uvx' }
    const wrapped = { ...serena, wrappers: [launcher] }
    expect(
      join({ ...entry, pid: 499 }, processTable(process, launcher), [wrapped])?.serena?.process.pid,
    ).toBe(500)
  })

  it('reports exited, defunct and reused processes', () => {
    expect(join(entry, processTable())?.status).toEqual({ kind: 'gone' })
    expect(join(entry, processTable({ ...process, runState: 'Z' }))?.status).toEqual({ kind: 'defunct' })
    const shell = { ...process, name: 'bash', argv: ['bash'] }
    expect(join(entry, processTable(shell), [])?.status).toEqual({ kind: 'reused', by: 'bash' })
    expect(join(own, processTable({ ...process, identity: 'boot:500:99' }))?.status?.kind).toBe('reused')
  })

  it('does not list a derived entry whose process is proven to have exited', () => {
    const derived = { ...own, isDerived: true }
    const shown = (one: RegistryEntry, ...processes: ProcessFact[]) =>
      joinRegistry({
        table: processTable(...processes),
        serenas: [],
        entries: [one],
        pidNamespace: own.pidNamespace,
        innerPids: new Set(),
      }).map((joined) => [isListed(joined), staleDerivedEntries([joined]).length])
    expect(shown(own)).toEqual([[true, 0]])
    expect(shown(derived)).toEqual([[false, 1]])
    expect(shown(derived, { ...process, identity: 'boot:500:99' })).toEqual([[false, 1]])
    expect(shown(derived, process)).toEqual([[true, 0]])
    expect(shown({ ...derived, pidNamespace: 'pid:[2]' })).toEqual([[true, 0]])
  })

  it('treats a process that started more than 2 s after the registration as another one', () => {
    const at = (ms: number | null) =>
      join({ ...entry, startedAtMs: ms }, processTable(process))?.status ?? null
    expect(at(startedAtMs - 2_001)).toEqual({ kind: 'reused', by: 'serena' })
    expect(at(startedAtMs - 1_999)).toBeNull()
    expect(at(startedAtMs + 3_600_000)).toBeNull()
    expect(at(null)).toBeNull()
  })

  it('reports unjudgeable instead of exited without proof', () => {
    const kind = (one: RegistryEntry, processes: ProcessTable, serenas?: SerenaProcess[]) =>
      join(one, processes, serenas)?.status?.kind
    expect(kind(entry, { ...processTable(), isComplete: false })).toBe('unjudgeable')
    expect(kind({ ...own, pidNamespace: 'pid:[2]' }, processTable())).toBe('unjudgeable')
    expect(kind(entry, processTable({ ...process, argv: null }), [])).toBe('unjudgeable')
    expect(kind(own, processTable(process), [])).toBe('unjudgeable')
    expect(join(entry, processTable(), [], new Set([500]))?.status?.kind).toBe('unjudgeable')
    // Our entries name their namespace: an inner pid of the same number is irrelevant.
    expect(join(own, processTable(), [], new Set([500]))?.status).toEqual({ kind: 'gone' })
  })

  it('joins an entry of a sandbox to the Serena in it, by its pid there', () => {
    const place = { pid: 7, namespace: 'pid:[2]', serenaHome: '/h' }
    const inside = new Map([[process.identity, place]])
    const joined = (one: RegistryEntry) =>
      joinRegistry({
        table: processTable(process),
        serenas: [serena],
        entries: [one],
        pidNamespace: 'pid:[1]',
        innerPids: new Set([7]),
        inside,
      })[0]
    const inner = { ...own, pid: 7, identity: 'boot:7:10', pidNamespace: 'pid:[2]' }
    expect(joined(inner)).toMatchObject({ serena, status: null })
    expect(joined({ ...entry, pid: 7 })).toMatchObject({ serena, status: null })
    // Another namespace, another start, another home, an older process of that pid.
    expect(joined({ ...inner, pidNamespace: 'pid:[3]' })?.status?.kind).toBe('unjudgeable')
    expect(joined({ ...inner, identity: 'boot:7:11' })?.status?.kind).toBe('unjudgeable')
    expect(joined({ ...entry, pid: 7, serenaHome: '/x' })?.status?.kind).toBe('unjudgeable')
    expect(joined({ ...entry, pid: 7, startedAtMs: startedAtMs - 60_000 })?.status?.kind).toBe('unjudgeable')
  })
})
