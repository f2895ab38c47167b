// What Serenas leave behind, round by round: what is remembered, when it is shown, and that no stranger is ever among it.
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { createLeftovers, LEAVING_MS, type Leftovers } from './leftovers.ts'

type Row = Partial<ProcessFact> & { pid: number; ppid: number }

const SERENA: Row = { pid: 10, ppid: 5, sid: 5, argv: ['python', '/venv/bin/serena', 'start-mcp-server'] }
const SERVER: Row = { pid: 20, ppid: 10, sid: 20, argv: ['node', 'typescript-language-server', '--stdio'] }
const WORKER: Row = { pid: 21, ppid: 20, sid: 20, argv: ['node', 'tsserver.js'] }
const CLIENT: Row = { pid: 5, ppid: 1, sid: 5, argv: ['claude'] }
const SHELL: Row = { pid: 30, ppid: 10, sid: 5, argv: ['sh', '-c', 'npm run dev'] }

const factOf = (row: Row): ProcessFact =>
  processFact({ pgid: row.sid ?? null, sid: 1, startedAtMs: row.pid, ...row })

const tableOf = (rows: readonly Row[], isComplete = true): ProcessTable => ({
  ...processTable(...rows.map(factOf)),
  isComplete,
})

let nowMs = 0
let leftovers: Leftovers
beforeEach(() => {
  nowMs = 0
  leftovers = createLeftovers({ now: () => nowMs, ownPid: 3, ownUid: 1000 })
})

const shop = { project: { name: 'shop', path: '/shop' }, serenaHome: '/home' }

function round(rows: readonly Row[], isComplete = true): void {
  const table = tableOf(rows, isComplete)
  const serenas = findSerenas(table)
  leftovers.renew({ shown: serenas, serenas, table }, () => shop)
}

/** The rounds after the end of a Serena, until what is left is shown. */
function after(...rows: Row[]): void {
  round(rows)
  nowMs += LEAVING_MS
  round(rows)
}

const pids = (): number[][] => leftovers.known().map(({ running }) => running.map(({ pid }) => pid))
const orphan = (row: Row): Row => ({ ...row, ppid: 1 })

describe('a language server that outlives its Serena', () => {
  it('is shown after a delay, with its descendants', () => {
    round([CLIENT, SERENA, SERVER, WORKER])
    expect(pids()).toEqual([])
    round([CLIENT, orphan(SERVER), WORKER])
    expect(pids()).toEqual([])
    nowMs += LEAVING_MS
    expect(leftovers.known()).toMatchObject([
      {
        serenaPid: 10,
        project: shop.project,
        serenaHome: '/home',
        name: 'typescript-language-server',
        exitedAtMs: 0,
      },
    ])
    expect(pids()).toEqual([[20, 21]])
  })

  it('keeps its id while any of it is running, and is forgotten with the last', () => {
    round([SERENA, SERVER, WORKER])
    after(orphan(SERVER), WORKER)
    const [first] = leftovers.known()
    after(orphan(WORKER))
    expect(leftovers.known()[0]?.id).toBe(first?.id)
    expect(pids()).toEqual([[21]])
    after()
    expect(pids()).toEqual([])
    after({ ...WORKER, ppid: 1, identity: 'boot:21:9' })
    expect(pids()).toEqual([])
  })

  it('is found by its session when it has exited and its child is running', () => {
    round([SERENA, SERVER])
    round([SERENA, SERVER, WORKER])
    after(orphan(WORKER), { pid: 22, ppid: 1, sid: 20, argv: ['node', 'typingsInstaller.js'] })
    expect(pids()).toEqual([[21, 22]])
  })
})

describe('never a leftover', () => {
  it('what a tool of Serena started', () => {
    round([SERENA, SERVER, SHELL])
    after(orphan(SERVER), orphan(SHELL))
    expect(pids()).toEqual([[20]])
  })

  it('a process while the Serena is running, is stopped, or is not visible', () => {
    round([SERENA, SERVER])
    after({ ...SERENA, runState: 'T' }, SERVER)
    expect(pids()).toEqual([])
    const hidden = [orphan(SERVER)]
    round(hidden, false)
    nowMs += LEAVING_MS
    round(hidden, false)
    expect(pids()).toEqual([])
    // Its command line cannot be read any longer: it is running all the same.
    after({ ...SERENA, argv: null }, SERVER)
    expect(pids()).toEqual([])
  })

  it('a language server that was never seen below a running Serena', () => {
    round([SERENA])
    after(orphan(SERVER), WORKER)
    expect(pids()).toEqual([])
  })

  it('another process that now has the pid of one', () => {
    round([SERENA, SERVER, WORKER])
    after({ ...SERVER, ppid: 1, identity: 'boot:20:9' }, { ...WORKER, pid: 23, ppid: 20 })
    expect(pids()).toEqual([])
  })

  it('another user’s, a defunct one, ourselves', () => {
    round([SERENA, SERVER, { ...WORKER, uid: 0 }, { ...WORKER, pid: 3 }])
    after({ ...SERVER, ppid: 1, runState: 'Z' }, { ...orphan(WORKER), uid: 0 }, { ...WORKER, pid: 3 })
    expect(pids()).toEqual([])
  })

  it('one that a running Serena has', () => {
    round([SERENA, SERVER])
    const other = { ...SERENA, pid: 40 }
    after(other, { ...SERVER, ppid: 40 })
    expect(pids()).toEqual([])
  })
})

it('treats a Serena that only waits to be reaped as exited', () => {
  round([SERENA, SERVER])
  after({ ...SERENA, runState: 'Z', argv: [] }, orphan(SERVER))
  expect(pids()).toEqual([[20]])
})

it('whatever starts and exits: each one shown was seen below a Serena, itself or through its ancestors', () => {
  const anyPid = fc.integer({ min: 2, max: 14 })
  const anyRow: fc.Arbitrary<Row> = fc.record({
    pid: anyPid,
    ppid: fc.integer({ min: 1, max: 14 }),
    sid: anyPid,
    identity: fc.constantFrom('a', 'b'),
    uid: fc.constantFrom(1000, 1000, 1000, 0),
    argv: fc.constantFrom(SERENA.argv ?? null, SERVER.argv ?? null, ['node', 'x'], null),
    runState: fc.constantFrom('S', 'S', 'T', 'Z'),
  })
  const anyTable = fc
    .uniqueArray(anyRow, { selector: ({ pid }) => pid, maxLength: 12 })
    .map((rows) => rows.map((row) => ({ ...row, identity: `${row.identity}:${row.pid}` })))
  let shown = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(anyTable, fc.boolean()), { minLength: 3, maxLength: 8 }), (rounds) => {
      nowMs = 0
      leftovers = createLeftovers({ now: () => nowMs, ownPid: 3, ownUid: 1000 })
      const below = new Set<string>()
      for (const [rows, isComplete] of rounds) {
        round(rows, isComplete)
        nowMs += LEAVING_MS
        const { byPid } = tableOf(rows)
        const serenas = findSerenas(tableOf(rows))
        for (const { descendants } of serenas) for (const { identity } of descendants) below.add(identity)
        for (const { running } of leftovers.known()) {
          for (const { pid, uid, identity, runState } of running) {
            expect([pid === 3, pid <= 1, uid, runState === 'Z']).toEqual([false, false, 1000, false])
            const isListed = byPid.get(pid)?.identity === identity
            if (isComplete) expect(isListed).toBe(true)
          }
          // Its root hung below a Serena that lived.
          expect(below.size).toBeGreaterThan(0)
          shown++
        }
        const taken = serenas.flatMap((one) =>
          [one.process, ...one.descendants].map(({ identity }) => identity),
        )
        if (isComplete)
          for (const { running } of leftovers.known())
            expect(running.some(({ identity }) => taken.includes(identity))).toBe(false)
      }
    }),
    { numRuns: 2000 },
  )
  expect(shown).toBeGreaterThan(0)
})
