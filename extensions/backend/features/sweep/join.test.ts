// What a registry entry's process has become, by identity and never by its pid alone.
import { describe, expect, it } from 'vitest'
import type { ProcessFact, ProcessTable, RegistryEntry, SerenaProcess } from '../../facts.ts'
import { derivedLeft, isLeft, joinRegistry } from './join.ts'

const startedAtMs = 1_000_000
const process: ProcessFact = {
  identity: 'boot:500:10',
  pid: 500,
  ppid: 1,
  pgid: 500,
  sid: 500,
  uid: 0,
  startedAtMs,
  name: 'serena',
  argv: ['serena', 'start-mcp-server'],
  runState: 'S',
  rssBytes: 1,
  cpuMs: 1,
}
const serena = { process, wrappers: [] as readonly ProcessFact[] } as SerenaProcess
const entry: RegistryEntry = {
  file: 'instances.json',
  serenaHome: '/h',
  shape: 'c',
  pid: 500,
  port: 24282,
  startedAtMs: startedAtMs + 900,
  identity: null,
  pidNamespace: null,
  projectName: null,
  projectRoot: null,
  context: null,
  modes: [],
  lastSeenAtMs: null,
}
const own: RegistryEntry = { ...entry, shape: 'own', identity: process.identity, pidNamespace: 'pid:[1]' }
const table = (...processes: ProcessFact[]): ProcessTable => ({
  isComplete: true,
  byPid: new Map(processes.map((one) => [one.pid, one])),
})
const join = (
  one: RegistryEntry,
  processes: ProcessTable,
  serenas: SerenaProcess[] = [serena],
  innerPids: ReadonlySet<number> = new Set(),
) => joinRegistry({ table: processes, serenas, entries: [one], pidNamespace: 'pid:[1]', innerPids })[0]

describe('joinRegistry', () => {
  it('joins an entry to its living Serena, also by the pid of its launcher', () => {
    expect(join(entry, table(process))).toMatchObject({ serena, fate: null })
    expect(join(own, table(process))).toMatchObject({ serena, fate: null })
    const launcher = { ...process, pid: 499, identity: 'boot:499:9', name: 'uvx' }
    const wrapped = { ...serena, wrappers: [launcher] }
    expect(join({ ...entry, pid: 499 }, table(process, launcher), [wrapped])?.serena?.process.pid).toBe(500)
  })

  it('finds the gone, the defunct and the reused', () => {
    expect(join(entry, table())?.fate).toEqual({ kind: 'gone' })
    expect(join(entry, table({ ...process, runState: 'Z' }))?.fate).toEqual({ kind: 'defunct' })
    const shell = { ...process, name: 'bash', argv: ['bash'] }
    expect(join(entry, table(shell), [])?.fate).toEqual({ kind: 'reused', by: 'bash' })
    expect(join(own, table({ ...process, identity: 'boot:500:99' }))?.fate?.kind).toBe('reused')
  })

  it('shows no entry that goes with its process, once that is proven to be gone', () => {
    const derived = { ...own, isDerived: true }
    const shown = (one: RegistryEntry, ...processes: ProcessFact[]) =>
      joinRegistry({
        table: table(...processes),
        serenas: [],
        entries: [one],
        pidNamespace: own.pidNamespace,
        innerPids: new Set(),
      }).map((joined) => [isLeft(joined), derivedLeft([joined]).length])
    expect(shown(own)).toEqual([[true, 0]])
    expect(shown(derived)).toEqual([[false, 1]])
    expect(shown(derived, { ...process, identity: 'boot:500:99' })).toEqual([[false, 1]])
    expect(shown(derived, process)).toEqual([[true, 0]])
    expect(shown({ ...derived, pidNamespace: 'pid:[2]' })).toEqual([[true, 0]])
  })

  it('takes the foreign time for the time of registration: a process that began more than 2 s later is another', () => {
    const at = (ms: number | null) => join({ ...entry, startedAtMs: ms }, table(process))?.fate ?? null
    expect(at(startedAtMs - 2_001)).toEqual({ kind: 'reused', by: 'serena' })
    expect(at(startedAtMs - 1_999)).toBeNull()
    expect(at(startedAtMs + 3_600_000)).toBeNull()
    expect(at(null)).toBeNull()
  })

  it('never calls dead what it cannot judge', () => {
    const kind = (one: RegistryEntry, processes: ProcessTable, serenas?: SerenaProcess[]) =>
      join(one, processes, serenas)?.fate?.kind
    expect(kind(entry, { ...table(), isComplete: false })).toBe('unjudgeable')
    expect(kind({ ...own, pidNamespace: 'pid:[2]' }, table())).toBe('unjudgeable')
    expect(kind(entry, table({ ...process, argv: null }), [])).toBe('unjudgeable')
    expect(kind(own, table(process), [])).toBe('unjudgeable')
    expect(join(entry, table(), [], new Set([500]))?.fate?.kind).toBe('unjudgeable')
    // Ours name the namespace themselves: an inner pid of the same number means nothing.
    expect(join(own, table(), [], new Set([500]))?.fate).toEqual({ kind: 'gone' })
  })

  it('joins what was written in a sandbox to the Serena in it, by its pid there', () => {
    const place = { pid: 7, namespace: 'pid:[2]', serenaHome: '/h' }
    const inside = new Map([[process.identity, place]])
    const joined = (one: RegistryEntry) =>
      joinRegistry({
        table: table(process),
        serenas: [serena],
        entries: [one],
        pidNamespace: 'pid:[1]',
        innerPids: new Set([7]),
        inside,
      })[0]
    const inner = { ...own, pid: 7, identity: 'boot:7:10', pidNamespace: 'pid:[2]' }
    expect(joined(inner)).toMatchObject({ serena, fate: null })
    expect(joined({ ...entry, pid: 7 })).toMatchObject({ serena, fate: null })
    // Another namespace, another start, another home, an older process of that pid.
    expect(joined({ ...inner, pidNamespace: 'pid:[3]' })?.fate?.kind).toBe('unjudgeable')
    expect(joined({ ...inner, identity: 'boot:7:11' })?.fate?.kind).toBe('unjudgeable')
    expect(joined({ ...entry, pid: 7, serenaHome: '/x' })?.fate?.kind).toBe('unjudgeable')
    expect(joined({ ...entry, pid: 7, startedAtMs: startedAtMs - 60_000 })?.fate?.kind).toBe('unjudgeable')
  })
})
