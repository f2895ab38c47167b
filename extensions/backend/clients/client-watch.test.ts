// Who stood above an instance at first sight, and what becomes of them; the clock is the test's.
import { describe, expect, it } from 'vitest'
import type { ConnectionFacts } from '../os/connection-facts.ts'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { createClientWatch } from './client-watch.ts'

const process = (pid: number, ppid: number, argv: string[], start = 1) =>
  processFact({ identity: `boot:${pid}:${start}`, pid, ppid, argv, startedAtMs: start })
const init = process(1, 0, ['init'])
const subreaper = process(5, 1, ['session'])
const claude = process(100, 5, ['claude'])
const shell = process(200, 100, ['sh', '-c', 'serena start-mcp-server; exit'])
const serena = process(300, 200, ['serena', 'start-mcp-server'])

const open: ConnectionFacts = { clientEnd: 'open', isProven: true, evidence: [] }
const closed: ConnectionFacts = {
  clientEnd: 'closed',
  isProven: true,
  evidence: ['No process reads its stdout.'],
}
const unknown: ConnectionFacts = { clientEnd: 'unknown', evidence: [] }
const inputClosed: ConnectionFacts = { ...open, isInputClosed: true }

/** `client`: the identity of the process seen at the other end. */
function watching(client: string | null = claude.identity) {
  let nowMs = 0
  let hasLostReader = false
  const watch = createClientWatch(() => nowMs)
  const hints = new Map([[serena.identity, { launchers: new Set<string>(), client }]])
  return {
    facts: watch.facts,
    loseReader() {
      hasLostReader = true
    },
    isDueAt(ms: number, ...pids: number[]) {
      nowMs = ms
      return watch.isDue(new Set(pids), () => hasLostReader)
    },
    confirmsIn: watch.confirmsInMs,
    at(ms: number, connection: ConnectionFacts, table: ProcessTable) {
      nowMs = ms
      const [found] = findSerenas(table, hints)
      if (!found) throw new Error('a table without a Serena')
      watch.update(found, table, connection)
      return watch.facts()
    },
  }
}
const healthy = processTable(init, subreaper, claude, shell, serena)

describe('createClientWatch', () => {
  it('reports nothing for a healthy client', () => {
    const { at } = watching()
    const nothing = { connection: open, closed: null, inputClosed: null, exited: null, exitedProcess: null }
    expect(at(0, open, healthy)).toEqual(nothing)
    expect(at(20_000, open, healthy)).toEqual(nothing)
  })

  it('sees a client exit behind a launcher that keeps running', () => {
    const { at } = watching()
    at(0, open, healthy)
    const after = processTable(init, subreaper, { ...shell, ppid: 1 }, serena)
    expect(at(10_000, closed, after)).toMatchObject({
      exitedProcess: { pid: 100, name: 'claude', isClient: true },
      exited: { scans: 1 },
      closed: { sinceMs: 10_000, scans: 1, spanMs: 0 },
    })
    expect(at(16_000, closed, after)?.closed).toEqual({ sinceMs: 10_000, scans: 2, spanMs: 6_000 })
  })

  it('sees a reused pid and a defunct client', () => {
    for (const other of [process(100, 1, ['claude'], 99), { ...claude, runState: 'Z' }]) {
      const { at } = watching()
      at(0, open, healthy)
      expect(
        at(5_000, open, processTable(init, subreaper, other, { ...shell, ppid: 1 }, serena)),
      ).toMatchObject({
        exitedProcess: { pid: 100, isClient: true },
        exited: { scans: 1 },
      })
    }
  })

  it('never reports a presumed client as an exited client', () => {
    const { at } = watching(null)
    at(0, open, healthy)
    expect(at(5_000, open, processTable(init, subreaper, { ...shell, ppid: 1 }, serena))).toMatchObject({
      exited: null,
      exitedProcess: { pid: 100, isClient: false },
    })
  })

  it('distinguishes an exited launcher from an exited client', () => {
    const { at } = watching()
    at(0, open, healthy)
    const facts = at(5_000, open, processTable(init, subreaper, claude, { ...serena, ppid: 1 }))
    expect(facts).toMatchObject({ exitedProcess: { pid: 200, isClient: false }, exited: null })
  })

  it('watches a client that is not an ancestor of the instance', () => {
    const { at } = watching()
    const detached = { ...serena, ppid: 1 }
    at(0, open, processTable(init, subreaper, claude, detached))
    expect(at(5_000, open, processTable(init, subreaper, detached))).toMatchObject({
      exitedProcess: { pid: 100, isClient: true },
    })
  })

  it('keeps its state through a scan without a result, and resets it when there is a reader', () => {
    const { at } = watching(null)
    const late = processTable(init, { ...serena, ppid: 1 })
    at(0, closed, late)
    expect(at(2_000, unknown, late)?.closed).toEqual({ sinceMs: 0, scans: 1, spanMs: 0 })
    expect(at(6_000, closed, late)?.closed).toEqual({ sinceMs: 0, scans: 2, spanMs: 6_000 })
    expect(at(8_000, open, late)?.closed).toBeNull()
    expect(at(9_000, inputClosed, late)?.inputClosed?.scans).toBe(1)
  })

  it('is due when the output has lost its reader, a process is missing, or a first scan must be confirmed', () => {
    const { at, isDueAt, loseReader, confirmsIn } = watching()
    expect(isDueAt(0)).toBe(false)
    at(0, open, healthy)
    expect(isDueAt(4_000, 5, 100, 200, 300)).toBe(false)
    expect(isDueAt(4_000, 5, 200, 300)).toBe(true)
    loseReader()
    expect(isDueAt(4_000, 5, 100, 200, 300)).toBe(true)
    const after = processTable(init, subreaper, { ...shell, ppid: 1 }, serena)
    at(4_000, closed, after)
    expect(confirmsIn()).toBe(5_500)
    expect(isDueAt(9_499, 5, 200, 300)).toBe(false)
    expect(isDueAt(9_500, 5, 200, 300)).toBe(true)
    at(9_500, closed, after)
    expect([confirmsIn(), isDueAt(20_000, 5, 200, 300)]).toEqual([null, false])
  })

  it('ignores an incomplete process list', () => {
    const { at, facts } = watching()
    at(0, open, healthy)
    at(5_000, closed, { ...processTable(init, { ...serena, ppid: 200 }), isComplete: false })
    expect(facts()).toMatchObject({ exited: null, closed: null, exitedProcess: null })
  })

  it('watches stdio instances only', () => {
    const { at } = watching()
    const http = process(300, 1, ['serena', 'start-mcp-server', '--transport', 'streamable-http'])
    expect(at(0, closed, processTable(init, http))).toBeNull()
    const uvx = process(300, 1, ['uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server'])
    expect(at(0, closed, processTable(init, uvx))).toBeNull()
  })
})
