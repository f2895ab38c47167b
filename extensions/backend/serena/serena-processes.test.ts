// Instances among processes: the deepest match, its launchers, its tree, its client.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { findSerenas } from './serena-processes.ts'

const process = (pid: number, ppid: number, ...argv: string[]) =>
  processFact({ pid, ppid, argv, startedAtMs: pid })
const SERENA = ['/venv/bin/python', '/venv/bin/serena', 'start-mcp-server'] as const
const init = process(1, 0, 'init')
const client = process(10, 1, 'claude')
const pids = (processes: readonly ProcessFact[] | undefined) => processes?.map(({ pid }) => pid)

const withLog = (fact: ProcessFact): ProcessFact => ({
  ...fact,
  serenaLog: `/s/logs/2026-11-29/mcp_20261129-101500_${fact.pid}.txt`,
})

describe('findSerenas', () => {
  it('takes a process that writes a log of its own for a Serena, whatever its command line says', () => {
    const [found, ...more] = findSerenas(
      processTable(
        init,
        client,
        withLog(process(20, 10, '/opt/codehelper', '--project', '/p')),
        process(21, 20, 'tsls'),
      ),
    )
    expect(more).toEqual([])
    expect(found).toMatchObject({ process: { pid: 20 }, client: { pid: 10 }, isLauncherOnly: false })
    expect(found?.command).toMatchObject({ project: '/p', transport: 'stdio' })
    expect(pids(found?.descendants)).toEqual([21])
  })

  it('takes a launcher that became the Serena for the Serena', () => {
    const [found, ...more] = findSerenas(
      processTable(
        init,
        client,
        withLog(process(20, 10, 'uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server')),
      ),
    )
    expect(more).toEqual([])
    expect(found).toMatchObject({ process: { pid: 20 }, isLauncherOnly: false, wrappers: [] })
  })

  it('takes what starts the one with the log by the same words for its launcher', () => {
    const [found, ...more] = findSerenas(
      processTable(init, client, process(20, 10, ...SERENA), withLog(process(21, 20, ...SERENA))),
    )
    expect(more).toEqual([])
    expect(found).toMatchObject({ process: { pid: 21 }, client: { pid: 10 } })
    expect(pids(found?.wrappers)).toEqual([20])
  })

  it('shows a Serena below another Serena as an instance of its own when both write a log', () => {
    const found = findSerenas(
      processTable(
        init,
        client,
        withLog(process(20, 10, ...SERENA)),
        withLog(process(21, 20, ...SERENA)),
        process(22, 21, 'tsls'),
      ),
    )
    expect(found.map(({ process }) => process.pid)).toEqual([20, 21])
    expect(found.map(({ descendants }) => pids(descendants))).toEqual([[], [22]])
  })

  it('takes the trampolines of Windows for launchers, and ignores a console window', () => {
    const args = ['start-mcp-server', '--project', 'shop']
    const windows = (pid: number, ppid: number, name: string, ...argv: string[]) => ({
      ...process(pid, ppid, ...argv),
      name,
    })
    const [found, ...more] = findSerenas(
      processTable(
        windows(10, 4, 'claude.exe', 'C:\\claude.exe'),
        windows(20, 10, 'uvx.exe', 'C:\\uvx.exe', '--from', 'serena-agent', 'serena', ...args),
        windows(21, 20, 'conhost.exe', 'conhost.exe', '0x4'),
        windows(30, 20, 'serena.exe', 'C:\\venv\\serena.exe', ...args),
        windows(40, 30, 'python.exe', 'C:\\venv\\python.exe', 'C:\\venv\\serena.exe', ...args),
        windows(50, 40, 'python.exe', 'C:\\py\\python.exe', 'C:\\venv\\serena.exe', ...args),
      ),
    )
    expect(more).toEqual([])
    expect(found?.process.pid).toBe(50)
    expect(pids(found?.wrappers)).toEqual([20, 30, 40])
    expect(found?.client?.pid).toBe(10)
  })

  it('finds a Serena, its client, its language servers', () => {
    const [found, ...more] = findSerenas(
      processTable(
        init,
        client,
        process(20, 10, ...SERENA),
        process(21, 20, 'tsls'),
        process(22, 21, 'tsserver'),
      ),
    )
    expect(more).toEqual([])
    expect(found).toMatchObject({ process: { pid: 20 }, client: { pid: 10 }, isLauncherOnly: false })
    expect(pids(found?.descendants)).toEqual([21, 22])
    expect(found?.wrappers).toEqual([])
  })

  it('names the parent only if it adopts orphans', () => {
    const service = process(8, 1, 'systemd', '--user')
    const found = findSerenas(
      processTable(init, service, client, ...[1, 8, 10].map((ppid, at) => process(20 + at, ppid, ...SERENA))),
    )
    expect(found.map(({ reaper }) => reaper)).toEqual([
      { pid: 1, name: 'init' },
      { pid: 8, name: 'systemd' },
      null,
    ])
  })

  it('takes the deepest of uvx, sh and Serena, and the launchers as its wrappers', () => {
    const [found] = findSerenas(
      processTable(
        init,
        client,
        process(20, 10, 'sh', '-c', 'uvx --from serena-agent serena start-mcp-server'),
        process(21, 20, 'uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server'),
        process(22, 21, ...SERENA),
      ),
    )
    expect(found).toMatchObject({ process: { pid: 22 }, client: { pid: 10 } })
    expect(pids(found?.wrappers)).toEqual([20, 21])
  })

  it('leaves a launcher with other children to them', () => {
    const [found] = findSerenas(
      processTable(
        init,
        client,
        process(20, 10, 'sh', '-c', 'sleep 9 & serena start-mcp-server'),
        process(21, 20, ...SERENA),
        process(22, 20, 'sleep', '9'),
      ),
    )
    expect(found?.wrappers).toEqual([])
    expect(found?.client?.pid).toBe(10)
  })

  it('shows a launcher that has no Serena yet, and drops it once it has', () => {
    const launcher = process(20, 10, 'uvx', '--from', 'serena-agent', 'serena', 'start-mcp-server')
    expect(findSerenas(processTable(init, client, launcher))).toMatchObject([
      { process: { pid: 20 }, isLauncherOnly: true },
    ])
    const [found, ...more] = findSerenas(processTable(init, client, launcher, process(21, 20, ...SERENA)))
    expect(more).toEqual([])
    expect(found?.process.pid).toBe(21)
  })

  it('takes a fork that has not yet become something else for part of the tree', () => {
    const found = findSerenas(
      processTable(init, client, process(20, 10, ...SERENA), process(21, 20, ...SERENA)),
    )
    expect(found.map(({ process: { pid } }) => pid)).toEqual([20])
    expect(pids(found[0]?.descendants)).toEqual([21])
  })

  it('takes a Serena below another one with a client of its own for an instance of its own', () => {
    const found = findSerenas(
      processTable(
        init,
        client,
        process(20, 10, ...SERENA),
        process(21, 20, 'claude'),
        process(22, 21, ...SERENA),
        process(23, 22, 'ls'),
      ),
    )
    expect(found.map(({ process: { pid } }) => pid)).toEqual([20, 22])
    expect(pids(found[0]?.descendants)).toEqual([21])
    expect(pids(found[1]?.descendants)).toEqual([23])
    expect(found[1]?.client?.pid).toBe(21)
  })

  it('has no client where the chain ends in init, systemd --user or the relay of WSL', () => {
    const client_ = (...above: ProcessFact[]) =>
      findSerenas(processTable(init, ...above, process(20, above[0]?.pid ?? 1, ...SERENA)))[0]?.client
    expect(client_()).toBeNull()
    expect(client_(process(5, 1, 'systemd', '--user'))).toBeNull()
    expect(client_({ ...process(5, 1, '/init'), name: 'Relay(6)' })).toBeNull()
    expect(client_(process(5, 1, 'bash'))?.pid).toBe(5)
  })

  it('never takes the tray manager, a defunct process or an unreadable one', () => {
    const tray = process(21, 20, 'python', '-c', 'from serena.dashboard import SerenaDashboardTrayManager')
    const found = findSerenas(
      processTable(
        init,
        process(20, 1, ...SERENA),
        tray,
        { ...process(30, 1, ...SERENA), runState: 'Z' },
        { ...process(31, 1), argv: null },
      ),
    )
    expect(found).toHaveLength(1)
    expect(found[0]?.descendants).toEqual([])
  })

  it('puts no process into two trees, whatever the table, cycles included', () => {
    const argv = fc.constantFrom(
      [...SERENA],
      ['claude'],
      ['sh', '-c', 'serena start-mcp-server'],
      ['uvx', 'serena', 'start-mcp-server'],
      ['ls'],
    )
    const one = fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 25 }), argv)
    fc.assert(
      fc.property(fc.array(one, { maxLength: 25 }), (rows) => {
        const found = findSerenas(
          processTable(...rows.map(([pid, ppid, words]) => process(pid, ppid, ...words))),
        )
        const all = found.flatMap(({ process: self, wrappers, descendants }) => [
          self,
          ...wrappers,
          ...descendants,
        ])
        expect(new Set(pids(all)).size).toBe(all.length)
      }),
    )
  })
})
