// Who stood above an instance at first sight, and what becomes of them; the clock is the test's.
import { describe, expect, it } from 'vitest'
import type { ProcessFact, ProcessTable } from '../../facts.ts'
import type { WireFacts } from '../../os/connection-facts.ts'
import { createClientWatch } from './client-watch.ts'
import { findSerenas } from './serena-processes.ts'

const process = (pid: number, ppid: number, argv: string[], start = 1): ProcessFact => ({
  identity: `boot:${pid}:${start}`,
  pid,
  ppid,
  pgid: pid,
  sid: pid,
  uid: 1000,
  startedAtMs: start,
  name: argv[0] ?? '',
  argv,
  runState: 'S',
  rssBytes: 1,
  cpuMs: 1,
})
const init = process(1, 0, ['init'])
const subreaper = process(5, 1, ['session'])
const claude = process(100, 5, ['claude'])
const shell = process(200, 100, ['sh', '-c', 'serena start-mcp-server; exit'])
const serena = process(300, 200, ['serena', 'start-mcp-server'])

const tableOf = (...all: ProcessFact[]): ProcessTable => ({
  isComplete: true,
  byPid: new Map(all.map((one) => [one.pid, one])),
})
const open: WireFacts = { clientEnd: 'open', isProven: true, evidence: [] }
const closed: WireFacts = { clientEnd: 'closed', isProven: true, evidence: ['No process reads its stdout.'] }
const unknown: WireFacts = { clientEnd: 'unknown', evidence: [] }
const inputClosed: WireFacts = { ...open, isInputClosed: true }

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
    at(ms: number, wire: WireFacts, table: ProcessTable) {
      nowMs = ms
      const [found] = findSerenas(table, hints)
      if (!found) throw new Error('a table without a Serena')
      watch.renew(found, table, wire)
      return watch.facts()
    },
  }
}
const healthy = tableOf(init, subreaper, claude, shell, serena)

describe('the memory of a client', () => {
  it('knows nothing wrong of a healthy one', () => {
    const { at } = watching()
    const nothing = { wire: open, closed: null, inputClosed: null, gone: null, lost: null }
    expect(at(0, open, healthy)).toEqual(nothing)
    expect(at(20_000, open, healthy)).toEqual(nothing)
  })

  it('sees a client exit behind a launcher that keeps running, where the parent never changes', () => {
    const { at } = watching()
    at(0, open, healthy)
    const after = tableOf(init, subreaper, { ...shell, ppid: 1 }, serena)
    expect(at(10_000, closed, after)).toMatchObject({
      lost: { pid: 100, name: 'claude', isClient: true },
      gone: { looks: 1 },
      closed: { sinceMs: 10_000, looks: 1, spanMs: 0 },
    })
    expect(at(16_000, closed, after)?.closed).toEqual({ sinceMs: 10_000, looks: 2, spanMs: 6_000 })
  })

  it('sees a pid given to another process, and a defunct client', () => {
    for (const other of [process(100, 1, ['claude'], 99), { ...claude, runState: 'Z' }]) {
      const { at } = watching()
      at(0, open, healthy)
      expect(at(5_000, open, tableOf(init, subreaper, other, { ...shell, ppid: 1 }, serena))).toMatchObject({
        lost: { pid: 100, isClient: true },
        gone: { looks: 1 },
      })
    }
  })

  it('never calls a process that was only presumed to be the client a client that has exited', () => {
    const { at } = watching(null)
    at(0, open, healthy)
    expect(at(5_000, open, tableOf(init, subreaper, { ...shell, ppid: 1 }, serena))).toMatchObject({
      gone: null,
      lost: { pid: 100, isClient: false },
    })
  })

  it('tells a lost launcher from a lost client', () => {
    const { at } = watching()
    at(0, open, healthy)
    const facts = at(5_000, open, tableOf(init, subreaper, claude, { ...serena, ppid: 1 }))
    expect(facts).toMatchObject({ lost: { pid: 200, isClient: false }, gone: null })
  })

  it('watches a client that does not stand above the instance', () => {
    const { at } = watching()
    const detached = { ...serena, ppid: 1 }
    at(0, open, tableOf(init, subreaper, claude, detached))
    expect(at(5_000, open, tableOf(init, subreaper, detached))).toMatchObject({
      lost: { pid: 100, isClient: true },
    })
  })

  it('keeps what it saw through a look it could not have, and starts again when there is a reader', () => {
    const { at } = watching(null)
    const late = tableOf(init, { ...serena, ppid: 1 })
    at(0, closed, late)
    expect(at(2_000, unknown, late)?.closed).toEqual({ sinceMs: 0, looks: 1, spanMs: 0 })
    expect(at(6_000, closed, late)?.closed).toEqual({ sinceMs: 0, looks: 2, spanMs: 6_000 })
    expect(at(8_000, open, late)?.closed).toBeNull()
    expect(at(9_000, inputClosed, late)?.inputClosed?.looks).toBe(1)
  })

  it('asks for a look when the output has lost its reader, a process is missing, or a first look is to be confirmed', () => {
    const { at, isDueAt, loseReader, confirmsIn } = watching()
    expect(isDueAt(0)).toBe(false)
    at(0, open, healthy)
    expect(isDueAt(4_000, 5, 100, 200, 300)).toBe(false)
    expect(isDueAt(4_000, 5, 200, 300)).toBe(true)
    loseReader()
    expect(isDueAt(4_000, 5, 100, 200, 300)).toBe(true)
    const after = tableOf(init, subreaper, { ...shell, ppid: 1 }, serena)
    at(4_000, closed, after)
    expect(confirmsIn()).toBe(5_500)
    expect(isDueAt(9_499, 5, 200, 300)).toBe(false)
    expect(isDueAt(9_500, 5, 200, 300)).toBe(true)
    at(9_500, closed, after)
    expect([confirmsIn(), isDueAt(20_000, 5, 200, 300)]).toEqual([null, false])
  })

  it('takes a list that is not whole for no look', () => {
    const { at, facts } = watching()
    at(0, open, healthy)
    at(5_000, closed, { ...tableOf(init, { ...serena, ppid: 200 }), isComplete: false })
    expect(facts()).toMatchObject({ gone: null, closed: null, lost: null })
  })

  it('asks only those that speak over stdio', () => {
    const { at } = watching()
    const http = process(300, 1, ['serena', 'start-mcp-server', '--transport', 'streamable-http'])
    expect(at(0, closed, tableOf(init, http))).toBeNull()
    const uvx = process(300, 1, ['uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server'])
    expect(at(0, closed, tableOf(init, uvx))).toBeNull()
  })
})
