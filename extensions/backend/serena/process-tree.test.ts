// Trees of processes: sessions, launchers, foreign processes, and protected ones.
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { growTree, type Members, type Tree, treeFrom } from './process-tree.ts'
import { serenaProcess } from './serena-process.fixture.ts'
import type { SerenaProcess } from './serena-process.ts'

type Row = Partial<ProcessFact> & { pid: number; ppid: number }

const factOf = (row: Row): ProcessFact => processFact({ pgid: null, sid: 1, ...row })

const tableOf = (...rows: Row[]): ProcessTable => processTable(...rows.map(factOf))

const serenaOf = (
  table: ProcessTable,
  pid: number,
  below: number[],
  wrappers: number[] = [],
): SerenaProcess => {
  const fact = (of: number): ProcessFact => table.byPid.get(of) ?? factOf({ pid: of, ppid: 0 })
  return serenaProcess({ process: fact(pid), wrappers: wrappers.map(fact), descendants: below.map(fact) })
}

const isNever = (): boolean => false
const pidsOf = ({ living }: Members): number[] => living.map(({ pid }) => pid)

const SERENA = { pid: 10, ppid: 5 }
const SERVER = { pid: 20, ppid: 10, sid: 20, argv: ['gopls'] }

/** A Serena with a language server that leads a session, as it was seen first. */
function grown(): Tree {
  const table = tableOf(SERENA, SERVER)
  return growTree(treeFrom(serenaOf(table, 10, [20])), table, isNever).tree
}

describe('the sessions of a tree', () => {
  it('takes a grandchild that lost its parent, by the session it is in', () => {
    const table = tableOf(SERENA, SERVER, { pid: 30, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(grown(), table, isNever))).toEqual([10, 20, 30])
  })

  it('includes it when the leader of the session has exited, for as long as the session has members', () => {
    const withChild = growTree(grown(), tableOf(SERENA, SERVER, { pid: 30, ppid: 20, sid: 20 }), isNever).tree
    const table = tableOf(SERENA, { pid: 30, ppid: 1, sid: 20 }, { pid: 31, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(withChild, table, isNever))).toEqual([10, 30, 31])
  })

  it('ignores a session whose number another process leads by now', () => {
    const stranger = { pid: 20, ppid: 7, sid: 20, identity: 'boot:20:999' }
    const table = tableOf(SERENA, stranger, { pid: 30, ppid: 20, sid: 20 })
    expect(pidsOf(growTree(grown(), table, isNever))).toEqual([10])
  })

  it('ignores it also while the list is incomplete, and forgets no session', () => {
    const stranger = { pid: 20, ppid: 7, sid: 20, identity: 'boot:20:999' }
    const table = { ...tableOf(SERENA, stranger, { pid: 30, ppid: 20, sid: 20 }), isComplete: false }
    expect(pidsOf(growTree(grown(), table, isNever))).toEqual([10])
  })

  it('forgets a session without members in the tree', () => {
    const { tree } = growTree(grown(), tableOf(SERENA), isNever)
    const table = tableOf(SERENA, { pid: 30, ppid: 1, sid: 20 })
    expect(pidsOf(growTree(tree, table, isNever))).toEqual([10])
  })

  it('remembers a process that was seen, whatever its parent is now', () => {
    const moved = tableOf(SERENA, { ...SERVER, ppid: 1 })
    expect(pidsOf(growTree(grown(), moved, isNever))).toEqual([10, 20])
  })

  it('ignores the session that Serena is in but does not lead: it is its client’s', () => {
    const table = tableOf({ pid: 5, ppid: 1, sid: 5 }, { ...SERENA, sid: 5 }, { pid: 6, ppid: 5, sid: 5 })
    expect(pidsOf(growTree(treeFrom(serenaOf(table, 10, [])), table, isNever))).toEqual([10])
  })
})

describe('launchers', () => {
  const table = tableOf({ pid: 5, ppid: 2 }, SERENA)
  const tree = treeFrom(serenaOf(table, 10, [], [5]))

  it('end with their Serena, first in line', () => {
    expect(pidsOf(growTree(tree, table, isNever))).toEqual([5, 10])
    expect(pidsOf(growTree(tree, tableOf({ pid: 5, ppid: 2 }), isNever))).toEqual([5])
  })

  it('are left alone once they have started something else', () => {
    const wentOn = tableOf({ pid: 5, ppid: 2 }, { pid: 40, ppid: 5 })
    expect(pidsOf(growTree(tree, wentOn, isNever))).toEqual([])
  })
})

it('does not grow below a protected process, and counts no defunct one', () => {
  const table = tableOf(
    SERENA,
    { pid: 20, ppid: 10, uid: 0 },
    { pid: 21, ppid: 20 },
    { pid: 22, ppid: 10, runState: 'Z' },
  )
  const members = growTree(treeFrom(serenaOf(table, 10, [])), table, ({ uid }) => uid !== 1000)
  expect(pidsOf(members)).toEqual([10])
})
