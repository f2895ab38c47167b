// The source with a program that plays PowerShell and one that plays netstat; on Windows also with the real ones.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProcessFact } from '../process-facts.ts'
import { createPortList, netstatBy } from './port-list.ts'
import { createPowerShell } from './powershell.ts'
import { createWindowsProcessList } from './process-list.ts'
import { createWindowsSource, type WindowsSource } from './windows-source.ts'

const platforms = new URL('../../../../test/fixtures/platforms/windows/', import.meta.url)
const FAKE = fileURLToPath(new URL('../../../../test/fixtures/programs/fake-powershell.mjs', import.meta.url))
const fixture = (name: string): string => readFileSync(new URL(name, platforms), 'utf8')

interface Row {
  p: number
  pp: number
  n: string
  c: string | null
  s: string | null
  w: number
  k: number
  u: number
}

const folders: string[] = []
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const filetime = (ms: number): string => String(BigInt(ms) * 10_000n + 116_444_736_000_000_000n)
const row = (p: number, changes: Partial<Row> = {}): Row => ({
  p,
  pp: 4,
  n: 'a.exe',
  c: `a.exe ${p}`,
  s: filetime(Date.now() - 60_000),
  w: 1000,
  k: 10_000,
  u: 0,
  ...changes,
})

/** A machine with these processes and our own; they can be changed. */
function machine(...rows: Row[]) {
  const folder = mkdtempSync(join(tmpdir(), 'deck-windows-'))
  folders.push(folder)
  const file = join(folder, 'rows.json')
  const self = row(process.pid, { n: 'node.exe', c: 'node.exe x.js', w: 5000 })
  const set = (...now: Row[]): void => writeFileSync(file, JSON.stringify([self, ...now]))
  set(...rows)
  const powerShell = createPowerShell(process.env, { file: process.execPath, args: [FAKE, file] })
  open.push(powerShell)
  return { file, set, powerShell }
}

function sourceOf(...rows: Row[]): WindowsSource & { set: (...rows: Row[]) => void } {
  const { powerShell, set } = machine(...rows)
  const netstat = (protocol: 'TCP' | 'TCPv6'): Promise<string> =>
    Promise.resolve(fixture(protocol === 'TCP' ? 'netstat-tcp.txt' : 'netstat-tcpv6.txt'))
  return { ...createWindowsSource({ powerShell, netstat }), set }
}

const factFor = (pid: number): ProcessFact => ({
  identity: `${pid}:1`,
  pid,
  ppid: 4,
  pgid: null,
  sid: null,
  uid: null,
  startedAtMs: 1,
  name: 'a.exe',
  argv: null,
  runState: null,
  rssBytes: null,
  cpuMs: null,
})

describe('createWindowsSource', () => {
  it('lists everything Windows reports, and nulls for the rest', async () => {
    const start = filetime(Date.now() - 5_000)
    const source = sourceOf(row(88, { c: '"C:\\a b.exe" "x y"', s: start, k: 15_000_000 }))
    const { isComplete, byPid } = await source.list()
    expect(isComplete).toBe(true)
    const fact = byPid.get(88)
    expect(fact).toMatchObject({
      identity: `88:${start}`,
      argv: ['C:\\a b.exe', 'x y'],
      cpuMs: 1500,
      uid: null,
    })
    if (!fact) return
    expect(await source.memory(fact)).toEqual({ bytes: 1000, kind: 'rss' })
    expect(await source.memory({ ...fact, identity: '88:1' })).toBeNull()
    expect(await source.details(fact, ['HOME'])).toEqual({
      isUnavailable: true,
      cwd: null,
      environment: null,
      tracerPid: null,
      isFrozen: null,
      isForeignNamespace: false,
      openLogFiles: null,
    })
    expect(source.notice()).toBeNull()
  })

  it('proves nothing when a row says nothing, we ourselves are missing, or the answer is no list', async () => {
    const source = sourceOf(row(88), { ...row(1), p: -1 })
    expect(await source.list()).toMatchObject({ isComplete: false })
    const { powerShell, file } = machine()
    const other = createWindowsSource({ powerShell, netstat: () => Promise.resolve(null) })
    writeFileSync(file, JSON.stringify([row(88), row(89)]))
    expect((await other.list()).isComplete).toBe(false)
    writeFileSync(file, '[]')
    expect(await other.list()).toEqual({ isComplete: false, byPid: new Map() })
    expect(other.notice()).toContain('did not return a list of processes')
  })

  it('finds the sockets of both tables, and none of a process that has none', async () => {
    const source = sourceOf()
    const found = await source.listeners([factFor(9904), factFor(7)])
    expect(found.get(9904)?.map(({ address, port }) => `${address}:${port}`)).toEqual([
      '127.0.0.1:24282',
      '127.0.0.1:24283',
      '::1:24282',
    ])
    expect(found.get(7)).toEqual([])
  })

  it('reports in one sentence what it cannot do, until it can', async () => {
    const powerShell = createPowerShell(process.env, { file: '/nowhere/powershell.exe', args: [] })
    open.push(powerShell)
    const source = createWindowsSource({ powerShell, netstat: () => Promise.resolve(null) })
    expect(await source.list()).toEqual({ isComplete: false, byPid: new Map() })
    expect(source.notice()).toMatch(/^Cannot list the processes of this machine: .*ENOENT/)
    expect(await source.quickScan(new Set([88]))).toEqual({ pids: null, watched: new Map(), young: [] })
    expect((await source.listeners([factFor(7)])).get(7)).toBeNull()
  })
})

describe('createWindowsProcessList', () => {
  const clock = { wall: () => Date.now(), monotonic: () => performance.now() }

  it('reports command lines that cannot be read twice, of programs a Serena may be', async () => {
    const hidden = [row(70, { n: 'Python3.11.exe', c: null }), row(71, { n: 'uvx.exe', c: null })]
    const { powerShell, set } = machine(...hidden, row(72, { n: 'svchost.exe', c: null }))
    const { list, notice } = createWindowsProcessList({ powerShell, ownPid: process.pid, clock })
    await list()
    expect(notice()).toBeNull()
    await list()
    expect(notice()).toBe(
      'Cannot read the command lines of 2 processes (Python3.11.exe, uvx.exe); Serena instances among them are not listed.',
    )
    set(...hidden.slice(0, 1))
    await list()
    expect(notice()).toContain('Cannot read the command line of 1 process (Python3.11.exe)')
    set()
    await list()
    expect(notice()).toBeNull()
  })

  it('reports when no command line at all can be read', async () => {
    const { powerShell, file } = machine()
    writeFileSync(file, JSON.stringify([row(process.pid, { c: null }), row(88, { c: null })]))
    const { list, notice } = createWindowsProcessList({ powerShell, ownPid: process.pid, clock })
    await list()
    expect(notice()).toContain('Cannot read the command line of any of the 2 processes')
  })

  it('reads watched pids in each scan, all pids every two seconds, and reports new processes for ten', async () => {
    const nowMs = { wall: Date.now(), monotonic: 0 }
    const pass = (ms: number): void => {
      nowMs.wall += ms
      nowMs.monotonic += ms
    }
    const old = row(88)
    const { powerShell, set } = machine(old, row(89))
    const { list, quickScan } = createWindowsProcessList({
      powerShell,
      ownPid: process.pid,
      clock: { wall: () => nowMs.wall, monotonic: () => nowMs.monotonic },
    })
    const identity = `88:${old.s}`
    expect((await list()).byPid.get(88)?.identity).toBe(identity)
    const fresh = row(90, { s: filetime(nowMs.wall) })
    set({ ...old, k: 990_000 }, fresh)
    pass(1_999)
    expect(await quickScan(new Set([88, 89]))).toEqual({
      pids: null,
      watched: new Map([[88, { identity, runState: null, cpuMs: 99 }]]),
      young: [],
    })
    const youngAt = async (ms: number): Promise<unknown> => {
      pass(ms)
      const { pids, young } = await quickScan(new Set())
      return [pids?.size, young.map(({ pid, argv }) => [pid, argv])]
    }
    expect(await youngAt(1)).toEqual([3, [[90, ['a.exe', '90']]]])
    // The next caller gets it as well, with a new list of pids or without one.
    expect(await youngAt(1_000)).toEqual([undefined, [[90, ['a.exe', '90']]]])
    expect(await youngAt(3_000)).toEqual([3, [[90, ['a.exe', '90']]]])
    expect(await youngAt(4_001)).toEqual([3, []])
    set(old)
    expect(await youngAt(2_000)).toEqual([2, []])
  })

  it('splits many watched pids into several queries', async () => {
    const pids = Array.from({ length: 120 }, (_, i) => process.pid + 1 + i)
    const { powerShell } = machine(...pids.map((pid) => row(pid)))
    const { quickScan } = createWindowsProcessList({ powerShell, ownPid: process.pid, clock })
    expect([...(await quickScan(new Set(pids))).watched.keys()]).toEqual(pids)
  })
})

describe('the connection of an instance', () => {
  const start = (pid: number, ppid: number, at: number) => row(pid, { pp: ppid, s: filetime(at) })

  it.each([
    ['its parent lives', [start(60, 50, 2_000), start(50, 40, 1_000), start(40, 0, 500)], []],
    ['its parent is gone', [start(60, 50, 2_000)], ['Process 50, which started it, has exited.']],
    [
      "its parent's number is another's",
      [start(60, 50, 2_000), start(50, 40, 3_000)],
      ['Process 50, which started it, has exited; another process has that pid now.'],
    ],
  ] as const)('%s', async (_, rows, evidence) => {
    const { powerShell } = machine(...rows)
    const source = createWindowsSource({ powerShell, netstat: () => Promise.resolve('') })
    const serena = (await source.list()).byPid.get(60)
    if (!serena) throw new Error('not listed')
    expect(await source.connection?.(serena, [serena])).toEqual({ clientEnd: 'unknown', evidence })
  })

  it('is that of the outermost launcher', async () => {
    const { powerShell } = machine(start(60, 50, 2_000), start(50, 40, 1_000))
    const source = createWindowsSource({ powerShell, netstat: () => Promise.resolve('') })
    const { byPid } = await source.list()
    const [serena, launcher] = [byPid.get(60), byPid.get(50)]
    if (!serena || !launcher) throw new Error('not listed')
    const connection = await source.connection?.(serena, [serena, launcher])
    expect(connection?.evidence).toEqual(['Process 40, which started it, has exited.'])
  })
})

describe('createPortList', () => {
  it('runs netstat once for all callers within two seconds', async () => {
    let asked = 0
    let nowMs = 0
    const lookup = createPortList(
      () => {
        asked++
        return Promise.resolve(fixture('netstat-tcp.txt'))
      },
      () => nowMs,
    )
    await Promise.all([lookup([factFor(4)]), lookup([factFor(9904)])])
    nowMs = 1999
    await lookup([factFor(4)])
    expect(asked).toBe(2)
    nowMs = 2000
    await lookup([factFor(4)])
    expect(asked).toBe(4)
  })

  it('does not say "on nothing" when IPv6 could not be read', async () => {
    const lookup = createPortList((protocol) =>
      Promise.resolve(protocol === 'TCP' ? fixture('netstat-tcp.txt') : null),
    )
    const found = await lookup([factFor(9904), factFor(7)])
    expect(found.get(9904)).toHaveLength(2)
    expect(found.get(7)).toBeNull()
  })

  it('knows nothing when netstat fails or is not there', async () => {
    for (const file of ['/nowhere/netstat.exe', process.execPath, 'nul\0byte'])
      expect(await netstatBy(file)('TCP')).toBeNull()
  })
})

describe.runIf(process.platform === 'win32')('the source on this machine (Windows only)', () => {
  it('finds this process and what it listens on', async () => {
    const source = createWindowsSource()
    open.push(source)
    const server = createServer().listen(0, '127.0.0.1')
    try {
      const { isComplete, byPid } = await source.list()
      const self = byPid.get(process.pid)
      expect(isComplete).toBe(true)
      expect(self).toMatchObject({ ppid: process.ppid })
      expect(self?.argv?.[0]).toMatch(/node(\.exe)?$/i)
      expect(Math.abs((self?.startedAtMs ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(2_000)
      if (!self) return
      const quickScan = await source.quickScan(new Set([process.pid]))
      expect(quickScan.watched.get(process.pid)?.identity).toBe(self.identity)
      const address = server.address()
      expect((await source.listeners([self])).get(process.pid)).toContainEqual(
        expect.objectContaining({
          address: '127.0.0.1',
          port: typeof address === 'object' ? address?.port : null,
        }),
      )
    } finally {
      server.close()
    }
  }, 60_000)
})
