// The source on this machine, with real processes. Skipped on other systems than Linux.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProcessFact } from '../process-facts.ts'
import { createLinuxSource } from './linux-source.ts'
import { parseTerminal } from './parse-proc.ts'

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function start(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): number {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options })
  children.push(child)
  if (child.pid === undefined) throw new Error(`${command} did not start`)
  return child.pid
}

async function until<Value>(what: string, look: () => Promise<Value | null | undefined>): Promise<Value> {
  for (const end = Date.now() + 8_000; Date.now() < end; ) {
    const value = await look()
    if (value !== null && value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`waited in vain for ${what}`)
}

const node = (script: string, options = {}): number => start(process.execPath, ['-e', script], options)
const factOf = async (pid: number): Promise<ProcessFact> =>
  until(`process ${pid}`, async () => (await createLinuxSource().list()).byPid.get(pid))

describe.runIf(process.platform === 'linux')('createLinuxSource', () => {
  it('lists this process with all that is known of it', async () => {
    const table = await createLinuxSource().list()
    const self = table.byPid.get(process.pid)
    expect(table.isComplete).toBe(true)
    expect(self).toMatchObject({ ppid: process.ppid, uid: process.getuid?.(), runState: 'R' })
    expect(self?.identity).toMatch(new RegExp(`^[0-9a-f-]{36}:${process.pid}:\\d+$`))
    expect(Math.abs((self?.startedAtMs ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(2_000)
    expect(self?.rssBytes).toBeGreaterThan(10_000_000)
  })

  it('keeps arguments whole, with blanks, quotes and non-ASCII', async () => {
    const pid = start(process.execPath, ['-e', 'setInterval(()=>{},1e3)', '--', 'a b', '"q"', '(ü', ''])
    expect((await factOf(pid)).argv?.slice(-4)).toEqual(['a b', '"q"', '(ü', ''])
  })

  it('does not take a thread for a process', async () => {
    const pid = node('setInterval(()=>{},1e3)')
    const threads = await until('threads', () => {
      const found = readdirSync(`/proc/${pid}/task`).map(Number)
      return Promise.resolve(found.length > 1 ? found : null)
    })
    const { byPid } = await createLinuxSource().list()
    expect(threads.filter((id) => byPid.has(id))).toEqual([pid])
  })

  it('sees a stop, and an exec under the same pid and start', async () => {
    const source = createLinuxSource()
    const pid = start('sh', ['-c', 'read line; exec sleep 60'])
    const before = await until('the shell', async () => (await source.list()).byPid.get(pid))
    expect(before.argv?.[0]).toBe('sh')
    children.at(-1)?.stdin?.write('go\n')
    const after = await until('the exec', async () => {
      const { young } = await source.quickScan(new Set([pid]))
      return young.find((fact) => fact.pid === pid && fact.argv?.[0] === 'sleep')
    })
    expect(after.identity).toBe(before.identity)
    process.kill(pid, 'SIGSTOP')
    await until('the stop', async () => {
      const seen = (await source.quickScan(new Set([pid]))).watched.get(pid)
      return seen?.runState === 'T' ? true : null
    })
  })

  it('shows a defunct process as Z with an empty command line', async () => {
    const parent = start('sh', ['-c', 'sleep 0.05 & exec sleep 60'])
    const defunct = await until('the defunct child', async () =>
      [...(await createLinuxSource().list()).byPid.values()].find(
        ({ ppid, runState }) => ppid === parent && runState === 'Z',
      ),
    )
    expect(defunct.argv).toEqual([])
  })

  it('reads folder, environment, open log and memory of a process, and nothing of one that took its pid', async () => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'deck-os-')))
    folders.push(home)
    mkdirSync(join(home, 'logs', '2026-11-23'), { recursive: true })
    const log = join(home, 'logs', '2026-11-23', 'mcp_1.txt')
    writeFileSync(log, '')
    const pid = node(`require('fs').openSync(${JSON.stringify(log)},'a');setInterval(()=>{},1e3)`, {
      cwd: home,
      env: { ...process.env, SERENA_HOME: home, SECRET: 'x' },
    })
    const source = createLinuxSource()
    const fact = await factOf(pid)
    const details = await until('the open log', async () => {
      const read = await source.details(fact, ['SERENA_HOME'])
      return read.openLogFiles?.length ? read : null
    })
    expect(details).toEqual({
      cwd: home,
      environment: { SERENA_HOME: home },
      tracerPid: 0,
      isFrozen: false,
      isForeignNamespace: false,
      openLogFiles: [log],
      terminal: parseTerminal(readFileSync('/proc/self/stat', 'latin1')),
    })
    const memory = await source.memory(fact)
    expect(memory?.kind).toBe('pss')
    expect(memory?.bytes).toBeGreaterThan(1_000_000)
    const other = { ...fact, identity: `${fact.identity}1` }
    expect(await source.memory(other)).toBeNull()
    expect(await source.details(other, ['SERENA_HOME'])).toMatchObject({
      cwd: null,
      environment: null,
      openLogFiles: null,
    })
  })

  it('finds the ports a process listens on, and only those', async () => {
    const script = (address: string) =>
      `const s=require('net').createServer().listen(0,${JSON.stringify(address)},()=>process.stdout.write(String(s.address().port)+'\\n'))`
    const source = createLinuxSource()
    const narrow = node(script('127.0.0.1'))
    const wide = node(script('0.0.0.0'))
    const silent = node('setInterval(()=>{},1e3)')
    const ports = await Promise.all(
      children
        .slice(-3, -1)
        .map(
          (child) => new Promise((resolve) => child.stdout?.once('data', (data) => resolve(Number(data)))),
        ),
    )
    const facts = await Promise.all([narrow, wide, silent].map(factOf))
    for (const _ of ['first', 'remembered']) {
      const found = await source.listeners(facts)
      expect(found.get(narrow)).toMatchObject([{ address: '127.0.0.1', port: ports[0] }])
      expect(found.get(wide)).toMatchObject([{ address: '0.0.0.0', port: ports[1] }])
      expect(found.get(silent)).toEqual([])
    }
    process.kill(narrow, 'SIGKILL')
    await until('the end', async () =>
      (await createLinuxSource().list()).byPid.get(narrow)?.runState === 'S' ? null : true,
    )
    expect(await source.listeners(facts.slice(0, 1))).not.toMatchObject(
      new Map([[narrow, [{ port: ports[0] }]]]),
    )
  })
})
