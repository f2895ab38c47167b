// The stdio connection of real programs: Node clients give sockets, Python clients pipes; on fd 0 and 1, and moved to private ones.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConnectionFacts } from '../connection-facts.ts'
import type { ProcessFact } from '../process-facts.ts'
import { type KernelLoading, loadKernel } from './kernel.ts'
import { createProcessList } from './process-list.ts'
import {
  chooseSocketEnds,
  endsByKernel,
  endsByReferences,
  isReliable,
  type SocketEnds,
} from './socket-ends.ts'
import { createStdioLookup } from './stdio-connection.ts'

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', ''])
    return true
  } catch {
    // Not installed here: these tests are skipped.
    return false
  }
})()
const started: { child: ChildProcess; pids: number[] }[] = []

afterEach(() => {
  for (const { child, pids } of started.splice(0)) {
    for (const pid of pids)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended with its client.
      }
    child.kill('SIGKILL')
  }
})

/** Stays alive whatever becomes of its stdin; as `private` it moves the connection as mcp 2.x does. */
const server = (isPrivate: boolean): string =>
  isPrivate
    ? `import os,fcntl,time,socket
a,b=socket.socketpair(); a.setblocking(False); b.setblocking(False)
def move(fd):
  own=fcntl.fcntl(fd,fcntl.F_DUPFD_CLOEXEC,3); null=os.open('/dev/null',os.O_RDWR); os.dup2(null,fd); os.close(null); return own
r=move(0); w=move(1)
os.write(w,b'up\\n'); time.sleep(60)`
    : `import os,time
os.write(1,b'up\\n'); time.sleep(60)`

/** Starts it under a client of its own, which says the pids it started: the server's, then a sibling's that inherits the write end. */
async function startUnder(
  client: 'node' | 'python',
  isPrivate: boolean,
  sibling: boolean | 'reader' = false,
): Promise<{ client: ChildProcess; serverPid: number; siblingPid: number | null }> {
  const child =
    client === 'node'
      ? spawn(process.execPath, [
          '-e',
          `const c = require('node:child_process').spawn('python3', ['-c', ${JSON.stringify(server(isPrivate))}], {stdio: ['pipe', 'pipe', 'ignore']})
           c.stdout.once('data', () => console.log(c.pid)); process.stdin.on('data', () => { c.stdin.destroy(); c.stdout.destroy() })`,
        ])
      : spawn('python3', [
          '-c',
          `import subprocess,sys
p=subprocess.Popen([sys.executable,'-c',${JSON.stringify(server(isPrivate))}],stdin=subprocess.PIPE,stdout=subprocess.PIPE,stderr=subprocess.DEVNULL)
p.stdout.readline()
s=subprocess.Popen(['sleep','60'],pass_fds=[p.${sibling === 'reader' ? 'stdout' : 'stdin'}.fileno()],stdin=subprocess.DEVNULL,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL) if ${sibling === false ? 'False' : 'True'} else None
print(p.pid, s.pid if s else '',flush=True)
sys.stdin.readline(); p.stdin.close(); p.stdout.close(); sys.stdin.readline()`,
        ])
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const pids = line.trim().split(' ').map(Number)
  started.push({ child, pids })
  return { client: child, serverPid: pids[0] ?? 0, siblingPid: pids[1] ?? null }
}

async function killAndWait(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  await new Promise((resolve) => setTimeout(resolve, 300))
}

const processes = createProcessList()
const createLookup = (
  change: { kernel?: () => KernelLoading; chooseEnds?: () => Promise<SocketEnds | null> } = {},
) => createStdioLookup({ identityOf: processes.identityOf, ...change })
const lookup = createLookup()
const WITHOUT: () => KernelLoading = () => ({ kernel: null, problem: 'not installed' })

async function factOf(pid: number): Promise<ProcessFact> {
  const fact = (await processes.list()).byPid.get(pid)
  if (!fact) throw new Error(`process ${pid} is gone`)
  return fact
}

async function connectionOf(pid: number, using = lookup): Promise<ConnectionFacts> {
  const fact = await factOf(pid)
  return using.read(fact, [fact])
}

/** A Python program that starts a server with the ends it likes, says the server's pid, and does what its stdin says. */
async function startScript(
  script: string,
): Promise<{ child: ChildProcess; pid: number; more: number[]; nextLine: () => Promise<string> }> {
  const child = spawn('python3', ['-c', script])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  const [pid = 0, ...more] = (await nextLine()).trim().split(' ').map(Number)
  started.push({ child, pids: [pid, ...more] })
  return { child, pid, more, nextLine }
}

/** Begins a client whose server has moved its connection and holds a pipe to a language server that has died. */
const withDeadLanguageServer = `import subprocess,sys,os,time
server="""import os,fcntl,subprocess,time
def move(fd):
  own=fcntl.fcntl(fd,fcntl.F_DUPFD_CLOEXEC,3); null=os.open('/dev/null',os.O_RDWR); os.dup2(null,fd); os.close(null); return own
r=move(0); w=move(1)
ls=subprocess.Popen(['sleep','0'],stdin=subprocess.PIPE); ls.wait()
os.write(w,b'up\\\\n'); time.sleep(60)"""
if os.fork(): os._exit(0)
p=subprocess.Popen([sys.executable,'-c',server],stdin=subprocess.PIPE,stdout=subprocess.PIPE)
p.stdout.readline()
if os.fork()==0:
  # The client: another process than the starter, which has left.
  print(p.pid,os.getpid(),flush=True); time.sleep(60); os._exit(0)
p.stdin.close(); p.stdout.close(); os._exit(0)`

describe.skipIf(process.platform !== 'linux' || !hasPython)('the stdio connection', () => {
  const now = (): number => performance.now()

  it('uses a method of reading sockets only if it is correct on this system', async () => {
    expect(await isReliable(endsByReferences(now))).toBe(true)
    expect(await isReliable(endsByKernel(loadKernel()))).toBe(true)
    expect(await isReliable(endsByKernel(WITHOUT()))).toBe(false)
    const wrong: SocketEnds[] = (['open', 'closed', 'unlisted'] as const).map((end) => () => end)
    for (const one of wrong) expect(await isReliable(one)).toBe(false)
    expect(await chooseSocketEnds(wrong)).toBeNull()
    expect(await chooseSocketEnds([...wrong, endsByReferences(now)])).not.toBeNull()
  })

  it.each([
    ['node', false],
    ['node', true],
    ['python', false],
    ['python', true],
  ] as const)(
    'of a %s client (private: %s) has a reader, and none once the client is killed',
    async (client, isPrivate) => {
      const { client: child, serverPid } = await startUnder(client, isPrivate)
      expect(await connectionOf(serverPid)).toMatchObject({
        clientEnd: 'open',
        isProven: true,
        holder: { pid: child.pid, isAncestor: true, hasBothEnds: true },
      })
      const fact = await factOf(serverPid)
      expect(lookup.hasLostReader(fact)).toBe(false)
      await killAndWait(child)
      expect(lookup.hasLostReader(fact)).toBe(true)
      expect(await connectionOf(serverPid)).toMatchObject({
        clientEnd: 'closed',
        isProven: true,
        holder: null,
      })
      // A backend that began only now sees the same.
      expect(await connectionOf(serverPid, createLookup())).toMatchObject({
        clientEnd: 'closed',
        isProven: true,
      })
    },
  )

  it.each([false, true])(
    'has no reader when a sibling keeps the write end (private: %s)',
    async (isPrivate) => {
      const { client, serverPid, siblingPid } = await startUnder('python', isPrivate, true)
      expect((await connectionOf(serverPid)).clientEnd).toBe('open')
      await killAndWait(client)
      await expect
        .poll(() => connectionOf(serverPid), { timeout: 3_000 })
        .toMatchObject({
          clientEnd: 'closed',
          evidence: [
            'No process reads its stdout.',
            `Its stdin is still held open by process ${siblingPid} (sleep).`,
          ],
        })
      expect((await connectionOf(serverPid, createLookup())).clientEnd).toBe('closed')
    },
  )

  it('has a reader when a sibling keeps the read end, and reports that the sibling does not write', async () => {
    const { client, serverPid, siblingPid } = await startUnder('python', true, 'reader')
    expect((await connectionOf(serverPid)).holder?.pid).toBe(client.pid)
    await killAndWait(client)
    await expect
      .poll(() => connectionOf(serverPid), { timeout: 3_000 })
      .toMatchObject({
        clientEnd: 'open',
        isProven: true,
        isInputClosed: true,
        holder: { pid: siblingPid, isAncestor: false, hasBothEnds: false },
        evidence: [`Its stdout is read by process ${siblingPid} (sleep).`],
      })
  })

  it.each(['node', 'python'] as const)(
    'a running %s client that closed its ends reads no more',
    async (client) => {
      const { client: child, serverPid } = await startUnder(client, true)
      expect((await connectionOf(serverPid)).clientEnd).toBe('open')
      child.stdin?.write('close\n')
      await expect.poll(async () => (await connectionOf(serverPid)).clientEnd).toBe('closed')
    },
  )

  it('never takes the pipe to a dead language server for the connection', async () => {
    const { pid, more } = await startScript(withDeadLanguageServer)
    const client = more[0] ?? 0
    // One output has no reader and one has: which of them is the connection cannot be known from here.
    expect(await connectionOf(pid, createLookup())).toMatchObject({ clientEnd: 'unknown' })
    process.kill(client, 'SIGKILL')
    await expect.poll(async () => (await connectionOf(pid, createLookup())).clientEnd).toBe('closed')
  })

  it('recognizes the moved connection by what it was on descriptors 0 and 1', async () => {
    const script = `import subprocess,sys,time
server="""import os,fcntl,sys,time,subprocess
os.write(1,b'up\\\\n'); sys.stdin.readline()
def move(fd):
  own=fcntl.fcntl(fd,fcntl.F_DUPFD_CLOEXEC,3); null=os.open('/dev/null',os.O_RDWR); os.dup2(null,fd); os.close(null); return own
ls=subprocess.Popen(['sleep','0'],stdin=subprocess.PIPE); ls.wait()
r=move(0); w=move(1); os.write(w,b'moved\\\\n'); time.sleep(60)"""
p=subprocess.Popen([sys.executable,'-c',server],stdin=subprocess.PIPE,stdout=subprocess.PIPE)
p.stdout.readline(); print(p.pid,flush=True); sys.stdin.readline()
p.stdin.write(b'go\\n'); p.stdin.flush(); p.stdout.readline(); print('moved',flush=True); time.sleep(60)`
    const { child, pid, nextLine } = await startScript(script)
    const memoize = createLookup()
    expect((await connectionOf(pid, memoize)).clientEnd).toBe('open')
    child.stdin?.write('go\n')
    expect(await nextLine()).toBe('moved')
    await expect.poll(async () => (await connectionOf(pid, memoize)).holder?.pid).toBe(child.pid)
    await killAndWait(child)
    expect(await connectionOf(pid, memoize)).toMatchObject({ clientEnd: 'closed', isProven: true })
  })

  it('calls every ancestor with the same descriptors a launcher, whatever its name', async () => {
    const script = `import subprocess,sys,time
p=subprocess.Popen(['bash','-c','python3 -c "import time;print(1,flush=True);time.sleep(60)"; true'],stdin=subprocess.PIPE,stdout=subprocess.PIPE)
p.stdout.readline(); print(p.pid,flush=True); time.sleep(60)`
    const { child, pid: shell } = await startScript(script)
    const { byPid } = await processes.list()
    const server = [...byPid.values()].find(({ ppid }) => ppid === shell)
    if (!server) throw new Error('no server')
    started.at(-1)?.pids.push(server.pid)
    expect(await lookup.read(server, [server])).toMatchObject({
      clientEnd: 'open',
      holder: { pid: child.pid },
      launchers: [byPid.get(shell)?.identity],
    })
  })

  it('proves nothing about pipes without the native calls, and reports that', async () => {
    const blind = createLookup({ kernel: WITHOUT })
    const { client, serverPid } = await startUnder('python', false)
    expect(await connectionOf(serverPid, blind)).toMatchObject({
      clientEnd: 'open',
      holder: { pid: client.pid },
    })
    await killAndWait(client)
    expect(await connectionOf(serverPid, blind)).toEqual({
      clientEnd: 'unknown',
      holder: null,
      launchers: [],
      evidence: ['Cannot verify whether its stdout has a reader: native calls are not available.'],
    })
    expect(blind.problem()).toBe('not installed')
  })

  it('is unknown without the calls of the kernel, and where nothing can be read', async () => {
    const { serverPid, client } = await startUnder('node', false)
    const blind = createLookup({ kernel: WITHOUT, chooseEnds: () => Promise.resolve(null) })
    expect((await connectionOf(serverPid, blind)).clientEnd).toBe('unknown')
    await killAndWait(client)
    expect((await connectionOf(serverPid, blind)).clientEnd).toBe('unknown')
    const fact = await factOf(serverPid)
    expect((await lookup.read({ ...fact, identity: 'another' }, [fact])).clientEnd).toBe('unknown')
    expect((await lookup.read({ ...fact, pid: 2 ** 22 + 1 }, [fact])).clientEnd).toBe('unknown')
  })

  it.each([
    ['a named pipe', 'mkfifo "$0/in" "$0/out"; sleep 60 <>"$0/in" >"$0/out" 2>/dev/null'],
    ['a file', ': >"$0/in"; sleep 60 <"$0/in" >"$0/out" 2>/dev/null'],
  ])('proves nothing where stdin is %s', async (_, script) => {
    const folder = mkdtempSync(join(tmpdir(), 'deck-fifo-'))
    const reader = spawn('sh', ['-c', 'while :; do cat "$0/out" >/dev/null 2>&1; sleep 0.05; done', folder])
    const shell = spawn('sh', ['-c', `${script} & echo $!; wait`, folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = (await once(createInterface({ input: shell.stdout }), 'line')) as [string]
    started.push({ child: shell, pids: [Number(line)] }, { child: reader, pids: [] })
    await expect.poll(async () => (await factOf(Number(line))).name).toBe('sleep')
    reader.kill('SIGKILL')
    expect((await connectionOf(Number(line), createLookup())).clientEnd).toBe('not-applicable')
    rmSync(folder, { recursive: true })
  })
})
