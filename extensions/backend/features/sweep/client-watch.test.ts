// Who stood above an instance at first sight, and what becomes of them; the clock is the test's.
import { describe, expect, it } from 'vitest'
import type { ProcessFact, ProcessTable, WireFacts } from '../../facts.ts'
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
const open: WireFacts = { clientEnd: 'open', evidence: [] }
const closed: WireFacts = { clientEnd: 'closed', evidence: ['Nobody holds the other end of its wire.'] }
const unknown: WireFacts = { clientEnd: 'unknown', evidence: [] }

function watching() {
  let nowMs = 0
  const watch = createClientWatch(() => nowMs)
  return {
    facts: watch.facts,
    isDueAt(ms: number, ...pids: number[]) {
      nowMs = ms
      return watch.isDue(new Set(pids))
    },
    at(ms: number, wire: WireFacts, table: ProcessTable) {
      nowMs = ms
      const [found] = findSerenas(table)
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
    expect(at(0, open, healthy)).toEqual({
      wire: open,
      wasOpen: true,
      closed: null,
      gone: null,
      both: null,
      lost: null,
    })
    expect(at(20_000, open, healthy)).toMatchObject({ closed: null, gone: null, both: null, lost: null })
  })

  it('remembers that the end was open once, and invents it not', () => {
    const late = watching()
    expect(late.at(0, closed, healthy)?.wasOpen).toBe(false)
    const { at } = watching()
    at(0, open, healthy)
    expect(at(20_000, closed, healthy)?.wasOpen).toBe(true)
  })

  it('sees a client gone behind a launcher that lives, where the parent never changes', () => {
    const { at } = watching()
    at(0, open, healthy)
    const after = tableOf(init, subreaper, { ...shell, ppid: 1 }, serena)
    expect(at(10_000, closed, after)).toMatchObject({
      lost: { pid: 100, name: 'claude', isClient: true },
      both: { sinceMs: 10_000, looks: 1, spanMs: 0 },
    })
    expect(at(25_000, closed, after)?.both).toEqual({ sinceMs: 10_000, looks: 2, spanMs: 15_000 })
  })

  it('sees a client gone under a subreaper, which stands there like a client', () => {
    const { at } = watching()
    at(0, open, healthy)
    const facts = at(10_000, closed, tableOf(init, subreaper, { ...shell, ppid: 5 }, serena))
    expect(facts).toMatchObject({ lost: { pid: 100, isClient: true }, both: { looks: 1 } })
  })

  it('sees a pid given to somebody else, and a defunct client', () => {
    for (const other of [process(100, 1, ['claude'], 99), { ...claude, runState: 'Z' }]) {
      const { at } = watching()
      at(0, open, healthy)
      expect(at(5_000, open, tableOf(init, subreaper, other, { ...shell, ppid: 1 }, serena))).toMatchObject({
        lost: { pid: 100 },
        gone: { looks: 1 },
      })
    }
  })

  it('tells a lost launcher from a lost client', () => {
    const { at } = watching()
    at(0, open, healthy)
    const facts = at(5_000, open, tableOf(init, subreaper, claude, { ...serena, ppid: 1 }))
    expect(facts).toMatchObject({ lost: { pid: 200, isClient: false }, gone: { looks: 1 }, both: null })
  })

  it('knows only that there is no client when it came too late', () => {
    const { at } = watching()
    expect(at(0, closed, tableOf(init, { ...serena, ppid: 1 }))).toMatchObject({
      lost: null,
      gone: { looks: 1 },
      closed: { looks: 1 },
      both: { looks: 1 },
    })
  })

  it('starts anew when the end is open again, and keeps what it saw through a look it could not have', () => {
    const { at } = watching()
    const late = tableOf(init, { ...serena, ppid: 1 })
    at(0, closed, late)
    expect(at(20_000, unknown, late)?.both).toEqual({ sinceMs: 0, looks: 1, spanMs: 0 })
    expect(at(30_000, closed, late)?.both).toEqual({ sinceMs: 0, looks: 2, spanMs: 30_000 })
    expect(at(40_000, open, late)?.both).toBeNull()
    expect(at(50_000, closed, late)?.both?.looks).toBe(1)
  })

  it('asks for a look when somebody above is missing, and for a second one when the first is to be confirmed', () => {
    const { at, isDueAt } = watching()
    expect(isDueAt(0)).toBe(false)
    at(0, open, healthy)
    expect(isDueAt(4_000, 5, 100, 200, 300)).toBe(false)
    expect(isDueAt(4_000, 5, 200, 300)).toBe(true)
    const after = tableOf(init, subreaper, { ...shell, ppid: 1 }, serena)
    at(4_000, closed, after)
    expect(isDueAt(8_000, 5, 200, 300)).toBe(false)
    expect(isDueAt(18_999, 5, 200, 300)).toBe(false)
    expect(isDueAt(19_000, 5, 200, 300)).toBe(true)
    // A look that could not be had: the next round will do.
    at(19_100, unknown, after)
    expect(isDueAt(25_000, 5, 200, 300)).toBe(false)
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
