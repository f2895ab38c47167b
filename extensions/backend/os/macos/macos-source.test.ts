// The source against real programs. On a Mac these are its own; on Linux procps and lsof, which take the same options but for
// `ps -E`; and everywhere but on Windows small scripts that print what a Mac would (docs/dev/platform-facts.md).
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProcessFact, ProcessSource } from '../process-facts.ts'
import { createMacosSource, type MacosTools } from './macos-source.ts'

vi.setConfig({ testTimeout: 20_000 })

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'deck mac-')))
  folders.push(folder)
  return folder
}

function start(command: string, args: string[], cwd = tmpdir()): number {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd })
  children.push(child)
  if (child.pid === undefined) throw new Error(`${command} did not start`)
  return child.pid
}

async function until<Value>(what: string, look: () => Promise<Value | null | undefined>): Promise<Value> {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    const value = await look()
    if (value !== null && value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`waited in vain for ${what}`)
}

const factOf = (source: ProcessSource, pid: number): Promise<ProcessFact> =>
  until(`process ${pid}`, async () => (await source.list()).byPid.get(pid))

const isMac = process.platform === 'darwin'
const LSOFS = ['/usr/sbin/lsof', '/usr/bin/lsof']
const lsof = LSOFS.find((file) => existsSync(file)) ?? null
/** A ps of busybox takes none of these options. */
const hasPs = existsSync('/bin/ps') && !realpathSync('/bin/ps').endsWith('busybox')
const tools: MacosTools = { ps: '/bin/ps', lsof: lsof ?? '/nowhere/lsof' }

// Skipped where there is no such ps: Windows, Alpine.
describe.runIf(hasPs)('with the ps of this machine', () => {
  it('lists this process and a child, whole', async () => {
    const source = createMacosSource(tools)
    const pid = start('sleep', ['61.5'])
    const { isComplete, byPid } = await source.list()
    expect(isComplete).toBe(true)
    expect(byPid.get(process.pid)).toMatchObject({ ppid: process.ppid, uid: process.getuid?.() })
    const fact = byPid.get(pid) ?? (await factOf(source, pid))
    expect(fact).toMatchObject({
      ppid: process.pid,
      pgid: byPid.get(process.pid)?.pgid,
      argv: ['sleep', '61.5'],
    })
    expect(fact.identity).toBe(`${pid}:${fact.startedAtMs}`)
    expect(Math.abs(fact.startedAtMs - Date.now())).toBeLessThan(20_000)
    expect(await source.memory(fact)).toEqual({ bytes: fact.rssBytes, kind: 'rss' })
    expect(await source.memory({ ...fact, identity: `${pid}:1` })).toBeNull()
  })

  it('does not list the ps that lists', async () => {
    const { byPid } = await createMacosSource(tools).list()
    const own = [...byPid.values()].filter(({ ppid, name }) => ppid === process.pid && name === 'ps')
    expect(own).toEqual([])
  })

  it('sees a new process, its exec under the same identity, its stop and its exit', async () => {
    const source = createMacosSource(tools)
    await source.list()
    const pid = start('sh', ['-c', 'read line; exec sleep 61.5'])
    const look = () => source.quickScan(new Set([pid]))
    const young = (program: string) =>
      until(program, async () => (await look()).young.find((one) => one.pid === pid && one.name === program))
    const before = await young('sh')
    children.at(-1)?.stdin?.write('go\n')
    const after = await young('sleep')
    expect(after.identity).toBe(before.identity)
    process.kill(pid, 'SIGSTOP')
    await until('the stop', async () => ((await look()).watched.get(pid)?.runState === 'T' ? true : null))
    const { pids, watched } = await look()
    expect(pids?.has(pid)).toBe(true)
    expect(watched.get(pid)?.identity).toBe(before.identity)
    expect([...watched.keys()]).toEqual([pid])
    process.kill(pid, 'SIGKILL')
    await until('the end', async () => ((await look()).watched.has(pid) ? null : true))
  })

  it('returns nothing for another identity', async () => {
    const source = createMacosSource(tools)
    const fact = await factOf(source, start('sleep', ['61.5'], temporary()))
    expect(await source.details({ ...fact, identity: `${fact.pid}:1` }, ['HOME'])).toMatchObject({
      cwd: null,
      environment: null,
      openLogFiles: null,
    })
  })
})

// Skipped where lsof is not installed.
describe.runIf(hasPs && lsof !== null)('with the lsof of this machine', () => {
  const listen = `const s=require('net').createServer().listen(0,'127.0.0.1',()=>process.stdout.write(s.address().port+'\\n'));
    require('fs').openSync('logs/mcp_1.txt','a');process.stdin.once('data',()=>s.close())`

  it('reads folder, open log and listener, and that the listener closed', async () => {
    const home = temporary()
    mkdirSync(join(home, 'logs'))
    const source = createMacosSource(tools)
    const pid = start(process.execPath, ['-e', listen], home)
    const child = children.at(-1)
    const port = await new Promise((resolve) => child?.stdout?.once('data', (data) => resolve(Number(data))))
    const fact = await factOf(source, pid)
    expect(await source.details(fact, [])).toEqual({
      cwd: home,
      environment: null,
      tracerPid: null,
      isFrozen: null,
      isForeignNamespace: false,
      openLogFiles: [join(home, 'logs', 'mcp_1.txt')],
    })
    expect((await source.listeners([fact])).get(pid)).toMatchObject([{ address: '127.0.0.1', port }])
    child?.stdin?.write('close\n')
    await until('the closing', async () =>
      (await source.listeners([fact])).get(pid)?.length === 0 ? true : null,
    )
  })

  it('returns null for a process that has exited, and no sockets for a process without', async () => {
    const source = createMacosSource(tools)
    const silent = await factOf(source, start('sleep', ['61.5']))
    const gone = { ...silent, pid: 99_999_999, identity: '99999999:1' }
    expect(await source.listeners([silent, gone])).toEqual(
      new Map([
        [silent.pid, []],
        [gone.pid, null],
      ]),
    )
  })
})

describe.runIf(isMac)('on a Mac (macOS only)', () => {
  it('reads the environment of a child', async () => {
    const source = createMacosSource()
    const fact = await factOf(source, start(process.execPath, ['-e', 'setInterval(()=>{},1e3)']))
    const { environment } = await source.details(fact, ['HOME', 'NO_SUCH_VARIABLE'])
    // Withheld for restricted programs; what is given must be right.
    if (environment !== null) expect(environment).toEqual({ HOME: process.env['HOME'] })
  })
})

// Skipped on Windows, which has no sh.
describe.runIf(process.platform !== 'win32')('with programs that print what a Mac would', () => {
  const fixtures = new URL('../../../../test/fixtures/platforms/macos/', import.meta.url)

  /** A `ps` and an `lsof` that print fixtures and note how they were called. */
  function stubs(lsofScript = 'cat "$FIXTURES/lsof-darwin.txt"; exit 1'): {
    tools: MacosTools
    calls: () => string[]
  } {
    const folder = temporary()
    const program = (name: string, script: string): string => {
      const file = join(folder, name)
      const head = `#!/bin/sh\nFIXTURES='${fixtures.pathname}'\necho "${name} $*|$LC_TIME|$TZ|$COMMAND_MODE" >> '${folder}/calls'\n`
      writeFileSync(file, head + script)
      chmodSync(file, 0o700)
      return file
    }
    const self = `echo '${process.pid} 1 1 501 R 1 0:00.01 Tue Nov 25 16:00:00 2025     node'`
    const ps = program(
      'ps',
      `case "$*" in
        *-E*) cat "$FIXTURES/environment-darwin.txt" ;;
        *-p\\ 1207*) grep '^ *1207 ' "$FIXTURES/ps-darwin.txt" ;;
        *-p\\ *) exit 1 ;;
        *args=*) cat "$FIXTURES/ps-darwin.txt"; ${self} ;;
        *) cat "$FIXTURES/look-darwin.txt" ;;
      esac`,
    )
    return {
      tools: { ps, lsof: program('lsof', lsofScript) },
      calls: () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
    }
  }

  /** As if it were ours: the rows of the fixtures belong to uid 501. */
  const ours = (fact: ProcessFact | undefined): ProcessFact => {
    if (!fact) throw new Error('not listed')
    return { ...fact, uid: process.getuid?.() ?? null }
  }

  it('runs with fixed dates and without our environment', async () => {
    const { tools, calls } = stubs()
    vi.stubEnv('COMMAND_MODE', 'legacy') // makes another program of a Mac's ps
    await createMacosSource(tools).list()
    vi.unstubAllEnvs()
    expect(calls()).toEqual(['ps -ww -ax -o pid=,ppid=,pgid=,uid=,stat=,rss=,time=,lstart=,args=|C|UTC0|'])
  })

  it('reads a Serena with folder, environment, log and dashboard in one run', async () => {
    const { tools, calls } = stubs()
    const source = createMacosSource(tools)
    const { isComplete, byPid } = await source.list()
    expect(isComplete).toBe(true)
    const serena = ours(byPid.get(1207))
    for (const _ of ['first', 'remembered'])
      expect(await source.details(serena, ['SERENA_HOME', 'HOME'])).toEqual({
        cwd: '/Users/me/my project',
        environment: { HOME: '/Users/me my', SERENA_HOME: '/Users/me my/.serena two' },
        tracerPid: null,
        isFrozen: null,
        isForeignNamespace: false,
        openLogFiles: ['/Users/me my/.serena two/logs/2025-11-25/mcp_20251125-161143_1207.txt'],
      })
    expect((await source.listeners([serena])).get(1207)).toMatchObject([{ port: 24282 }])
    expect(calls().filter((call) => call.startsWith('lsof'))).toEqual([
      'lsof -nPw -a -p 1207 -d ^txt,^mem -F pftdPTn|C|UTC0|',
    ])
    expect(calls().filter((call) => call.includes('-E'))).toHaveLength(1)
  })

  it('runs lsof once for many, and never for the process of another user', async () => {
    const { tools, calls } = stubs()
    const source = createMacosSource(tools)
    const { byPid } = await source.list()
    const facts = [1207, 1300].map((pid) => ours(byPid.get(pid)))
    const foreign = { ...ours(byPid.get(214)), uid: 4_294_967_294 }
    const asked = process.getuid?.() === 0 ? facts : [...facts, foreign]
    const found = await Promise.all([source.listeners(asked), source.listeners(facts.slice(1))])
    expect(found[0].get(1300)?.map(({ port }) => port)).toEqual([9121, 24283, 24290])
    expect(found[0].get(214) ?? null).toBeNull()
    expect(found[1].get(1300)).toHaveLength(3)
    expect(calls().filter((call) => call.startsWith('lsof'))).toHaveLength(1)
    expect(calls().at(-1)).toContain('-p 1207,1300 ')
  })

  it('returns unknown for tools that fail, never "nothing there"', async () => {
    const { tools } = stubs('exit 1')
    for (const ps of ['/nowhere/ps', tools.lsof]) {
      const source = createMacosSource({ ps, lsof: '/nowhere/lsof' })
      expect(await source.list()).toEqual({ isComplete: false, byPid: new Map() })
      expect(await source.quickScan(new Set([1]))).toMatchObject({ pids: null, young: [] })
    }
    const source = createMacosSource(tools)
    const serena = ours((await source.list()).byPid.get(1207))
    expect((await source.listeners([serena])).get(1207)).toBeNull()
    expect(await source.details(serena, ['HOME'])).toMatchObject({ cwd: null, openLogFiles: null })
  })

  it('does not trust a scan in which this process is missing', async () => {
    const source = createMacosSource(stubs().tools)
    await source.list()
    const { pids, watched } = await source.quickScan(new Set([1300]))
    expect(pids).toBeNull()
    expect(watched.get(1300)).toMatchObject({ runState: 'T', cpuMs: 1_000 })
  })
})
