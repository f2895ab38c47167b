// Programs of Serena that are no instance.
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { findHelpers } from './helper-processes.ts'

const process = (pid: number, ppid: number, ...argv: string[]) => processFact({ pid, ppid, argv })
const found = (...processes: ProcessFact[]) => {
  const table = processTable(...processes)
  return findHelpers(table, findSerenas(table))
}
const named = (...argv: string[]) => found(process(20, 1, ...argv)).map(({ kind, title }) => [kind, title])

describe('findHelpers', () => {
  it.each([
    [
      ['python', '/venv/bin/serena', 'start-project-server', '--port', '1'],
      'project-server',
      'Project server',
    ],
    [['serena', 'project', 'index', '/home/ana/shop/'], 'indexing', 'Indexing shop'],
    [['serena', 'project', 'index'], 'indexing', 'Indexing the project in its folder'],
    [['serena', 'project', 'index', '--timeout', '3'], 'indexing', 'Indexing the project in its folder'],
    [['serena', 'project', 'create', '/x/shop', '--index'], 'indexing', 'Indexing shop'],
    [['serena', 'project', 'health-check', 'C:\\src\\shop'], 'indexing', 'Health check of shop'],
    [['python', '/venv/bin/serena-hooks', 'remind', '--client', 'codex'], 'hook', 'Hook remind'],
    [['python', '-m', 'serena.hooks', 'activate'], 'hook', 'Hook activate'],
    [['serena', 'dashboard-viewer', 'http://127.0.0.1:24282'], 'dashboard-viewer', 'Dashboard viewer'],
    [
      ['python', '-c', 'from serena.dashboard import SerenaDashboardTrayManager; x()'],
      'tray-manager',
      'Tray manager',
    ],
    [['/x/.serena-wrapped', 'print-system-prompt'], 'command', 'serena print-system-prompt'],
    [['serena', 'memories', 'check', '/x'], 'command', 'serena memories check'],
    [['serena', '--help'], 'command', 'serena --help'],
    [['python', '-m', 'serena.cli'], 'command', 'serena'],
  ])('%j', (argv, kind, title) => {
    expect(named(...argv)).toEqual([[kind, title]])
  })

  it.each([
    [['serena', 'start-mcp-server']],
    [['serena-mcp-server']],
    [['uvx', '--from', 'serena-agent', 'serena', 'project', 'index']],
    [['grep', 'serena', 'project', 'index']],
    [['vim', '/venv/bin/serena', 'start-project-server']],
    [['python', 'manage.py', 'project', 'index']],
    [[]],
  ])('%j is none', (argv) => {
    expect(named(...argv)).toEqual([])
  })

  it('counts what is below a helper as its own, and nothing twice', () => {
    const helpers = found(
      process(20, 1, 'uvx', 'serena', 'project', 'index'),
      process(21, 20, 'serena', 'project', 'index', '/x/shop'),
      process(22, 21, 'serena', 'project', 'index', '/x/shop'),
      process(23, 22, 'typescript-language-server'),
    )
    expect(helpers).toMatchObject([{ process: { pid: 21 }, title: 'Indexing shop' }])
    expect(helpers[0]?.tree.map(({ pid }) => pid)).toEqual([21, 22, 23])
  })

  it('leaves what is in the tree of an instance to it, and an instance below a helper to itself', () => {
    expect(
      found(process(20, 1, 'serena', 'start-mcp-server'), process(21, 20, 'serena', 'project', 'index')),
    ).toEqual([])
    const [server] = found(
      process(20, 1, 'serena', 'start-project-server'),
      process(21, 20, 'client'),
      process(22, 21, 'serena', 'start-mcp-server'),
    )
    expect(server?.tree.map(({ pid }) => pid)).toEqual([20, 21])
  })

  it('shows nothing of one that has exited', () => {
    expect(found({ ...process(20, 1, 'serena', 'project', 'index'), runState: 'Z' })).toEqual([])
  })
})
