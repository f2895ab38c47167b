// Trees of processes: sessions, launchers, strangers, and who is barred.
import { describe, expect, it } from 'vitest'
import type { ProcessFact, ProcessTable, SerenaProcess } from '../facts.ts'
import { growTree, type Members, type Tree, treeFrom } from './process-tree.ts'

type Row = Partial<ProcessFact> & { pid: number; ppid: number }

const factOf = (row: Row): ProcessFact => ({
  identity: `boot:${row.pid}:1`,
  pgid: null,
  sid: 1,
  uid: 1000,
  startedAtMs: 0,
  name: 'p',
  argv: ['p'],
  runState: 'S',
  rssBytes: 1,
  cpuMs: 0,
  ...row,
})

const tableOf = (...rows: Row[]): ProcessTable => ({
  isComplete: true,
  byPid: new Map(rows.map((row) => [row.pid, factOf(row)])),
})

const serenaOf = (
  table: ProcessTable,
  pid: number,
  below: number[],
  wrappers: number[] = [],
): SerenaProcess => {
  const fact = (of: number): ProcessFact => table.byPid.get(of) ?? factOf({ pid: of, ppid: 0 })
  return {
    process: fact(pid),
    command: {
      project: null,
      isProjectFromCwd: false,
      context: null,
      modes: [],
      transport: 'stdio',
      mcpPort: null,
      isDashboardEnabled: null,
    },
    wrappers: wrappers.map(fact),
    descendants: below.map(fact),
    client: null,
    isLauncherOnly: false,
  }
}

const nobody = (): boolean => false
const pidsOf = ({ living }: Members): number[] => living.map(({ pid }) => pid)

const SERENA = { pid: 10, ppid: 5 }
const SERVER = { pid: 20, ppid: 10, sid: 20, argv: ['gopls'] }

/** A Serena with a language server that leads a session, as it was seen first. */
function grown(): Tree {
  const table = tableOf(SERENA, SERVER)
  return growTree(treeFrom(serenaOf(table, 10, [20])), table, nobody).tree
}

describe('the sessions of a tree', () => {
  it('takes a grandchild that lost its parent, by the session it is in', () => {
    const table = tableOf(SERENA, SERVER, { pid: 30, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(grown(), table, nobody))).toEqual([10, 20, 30])
  })

  it('takes it also when the leader of the session is gone, for as long as somebody stayed in it', () => {
    const withChild = growTree(grown(), tableOf(SERENA, SERVER, { pid: 30, ppid: 20, sid: 20 }), nobody).tree
    const table = tableOf(SERENA, { pid: 30, ppid: 1, sid: 20 }, { pid: 31, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(withChild, table, nobody))).toEqual([10, 30, 31])
  })

  it('takes nobody of a session whose number a stranger leads by now', () => {
    const stranger = { pid: 20, ppid: 7, sid: 20, identity: 'boot:20:999' }
    const table = tableOf(SERENA, stranger, { pid: 30, ppid: 20, sid: 20 })
    expect(pidsOf(growTree(grown(), table, nobody))).toEqual([10])
  })

  it('nor where the list could not be read whole, so that no session is forgotten', () => {
    const stranger = { pid: 20, ppid: 7, sid: 20, identity: 'boot:20:999' }
    const table = { ...tableOf(SERENA, stranger, { pid: 30, ppid: 20, sid: 20 }), isComplete: false }
    expect(pidsOf(growTree(grown(), table, nobody))).toEqual([10])
  })

  it('forgets a session that nobody of the tree is in any more', () => {
    const { tree } = growTree(grown(), tableOf(SERENA), nobody)
    const table = tableOf(SERENA, { pid: 30, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(tree, table, nobody))).toEqual([10])
  })

  it('remembers who was seen, wherever he hangs now', () => {
    const moved = tableOf(SERENA, { ...SERVER, ppid: 1 })
    expect(pidsOf(growTree(grown(), moved, nobody))).toEqual([10, 20])
  })

  it('takes nobody of the session that Serena is in but does not lead: it is its client’s', () => {
    const table = tableOf({ pid: 5, ppid: 1, sid: 5 }, { ...SERENA, sid: 5 }, { pid: 6, ppid: 5, sid: 5 })
    expect(pidsOf(growTree(treeFrom(serenaOf(table, 10, [])), table, nobody))).toEqual([10])
  })
})

describe('launchers', () => {
  const table = tableOf({ pid: 5, ppid: 2 }, SERENA)
  const tree = treeFrom(serenaOf(table, 10, [], [5]))

  it('end with their Serena, first in line', () => {
    expect(pidsOf(growTree(tree, table, nobody))).toEqual([5, 10])
    expect(pidsOf(growTree(tree, tableOf({ pid: 5, ppid: 2 }), nobody))).toEqual([5])
  })

  it('are left alone once they went on to something else', () => {
    const wentOn = tableOf({ pid: 5, ppid: 2 }, { pid: 40, ppid: 5 })
    expect(pidsOf(growTree(tree, wentOn, nobody))).toEqual([])
  })
})

it('looks below nobody who is barred, and counts no defunct one', () => {
  const table = tableOf(
    SERENA,
    { pid: 20, ppid: 10, uid: 0 },
    { pid: 21, ppid: 20 },
    { pid: 22, ppid: 10, runState: 'Z' },
  )
  const members = growTree(treeFrom(serenaOf(table, 10, [])), table, ({ uid }) => uid !== 1000)
  expect(pidsOf(members)).toEqual([10])
})
