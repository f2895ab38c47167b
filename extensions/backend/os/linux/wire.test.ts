// The wire of real programs: Node clients give sockets, Python clients pipes; on fd 0 and 1, and moved to private descriptors.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProcessFact, WireFacts } from '../../facts.ts'
import { createProcessList } from './process-list.ts'
import {
  chooseSocketEnds,
  endsByReferences,
  endsBySs,
  type SocketEnds,
  tellsTheTruth,
} from './socket-ends.ts'
import { createWireLookup } from './wire.ts'

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', ''])
    return true
  } catch {
    // Not installed here: these tests are skipped.
    return false
  }
})()
const hasSs = ['/usr/bin/ss', '/usr/sbin/ss', '/bin/ss', '/sbin/ss'].some((file) => existsSync(file))
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

/** Stays alive whatever becomes of its stdin; as `private` it moves the wire as mcp 2.x does. */
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
  hasSibling = false,
): Promise<{ client: ChildProcess; serverPid: number; siblingPid: number | null }> {
  const child =
    client === 'node'
      ? spawn(process.execPath, [
          '-e',
          `const c = require('node:child_process').spawn('python3', ['-c', ${JSON.stringify(server(isPrivate))}], {stdio: ['pipe', 'pipe', 'ignore']})
           c.stdout.once('data', () => console.log(c.pid)); process.stdin.on('data', () => c.stdin.destroy())`,
        ])
      : spawn('python3', [
          '-c',
          `import subprocess,sys
p=subprocess.Popen([sys.executable,'-c',${JSON.stringify(server(isPrivate))}],stdin=subprocess.PIPE,stdout=subprocess.PIPE,stderr=subprocess.DEVNULL)
p.stdout.readline()
s=subprocess.Popen(['sleep','60'],pass_fds=[p.stdin.fileno()],stdin=subprocess.DEVNULL,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL) if ${hasSibling ? 'True' : 'False'} else None
print(p.pid, s.pid if s else '',flush=True)
sys.stdin.readline(); p.stdin.close(); sys.stdin.readline()`,
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
const lookup = createWireLookup({ identityOf: processes.identityOf, startOf: processes.startOf })

async function factOf(pid: number): Promise<ProcessFact> {
  const fact = (await processes.list()).byPid.get(pid)
  if (!fact) throw new Error(`process ${pid} is gone`)
  return fact
}

async function wireOf(pid: number, look = lookup): Promise<WireFacts> {
  const fact = await factOf(pid)
  return look(fact, [fact])
}
const freshLookup = (chooseEnds?: () => Promise<SocketEnds | null>) =>
  createWireLookup({
    identityOf: processes.identityOf,
    startOf: processes.startOf,
    ...(chooseEnds && { chooseEnds }),
  })

describe.skipIf(process.platform !== 'linux' || !hasPython)('the wire', () => {
  const now = (): number => performance.now()

  it('this kernel tells references of sockets; a way that tells nothing, or the same of all, is not believed', async () => {
    expect(await tellsTheTruth(endsByReferences(now))).toBe(true)
    const liars: SocketEnds[] = (['open', 'closed', 'unlisted'] as const).map(
      (end) => () => Promise.resolve(end),
    )
    for (const liar of liars) expect(await tellsTheTruth(liar)).toBe(false)
    expect(await chooseSocketEnds(now, liars)).toBeNull()
    const last = endsByReferences(now)
    expect(await chooseSocketEnds(now, [...liars, last])).toBe(last)
  })

  it.skipIf(!hasSs)('where references tell nothing, ss does', async () => {
    const bySs = (): Promise<SocketEnds | null> =>
      chooseSocketEnds(now, [() => Promise.resolve('unlisted'), endsBySs(now)])
    const { client, serverPid } = await startUnder('node', true)
    expect((await wireOf(serverPid, freshLookup(bySs))).clientEnd).toBe('open')
    await killAndWait(client)
    expect((await wireOf(serverPid, freshLookup(bySs))).clientEnd).toBe('closed')
  })

  it.each([
    ['node', false],
    ['node', true],
    ['python', false],
    ['python', true],
  ] as const)(
    'of a %s client (private: %s) is open, and closed once it is gone',
    async (client, isPrivate) => {
      const { client: child, serverPid } = await startUnder(client, isPrivate)
      expect((await wireOf(serverPid)).clientEnd).toBe('open')
      await killAndWait(child)
      expect(await wireOf(serverPid)).toEqual({
        clientEnd: 'closed',
        evidence: ['Nobody holds the other end of its wire.'],
      })
      // A backend that began only now sees the same.
      expect((await wireOf(serverPid, freshLookup())).clientEnd).toBe('closed')
    },
  )

  it.each([false, true])('is closed when a sibling keeps the write end (private: %s)', async (isPrivate) => {
    const { client, serverPid, siblingPid } = await startUnder('python', isPrivate, true)
    expect((await wireOf(serverPid)).clientEnd).toBe('open')
    await killAndWait(client)
    const expected = {
      clientEnd: 'closed',
      evidence: [
        'Nobody holds the other end of its stdout.',
        `The other end of its stdin is still held by process ${siblingPid} (sleep).`,
      ],
    }
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await wireOf(serverPid)).toEqual(expected)
    expect(await wireOf(serverPid, freshLookup())).toEqual(expected)
  })

  it.each(['node', 'python'] as const)('is closed when a living %s client closed its end', async (client) => {
    const { client: child, serverPid } = await startUnder(client, true)
    child.stdin?.write('close\n')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await wireOf(serverPid)).clientEnd).toBe('closed')
  })

  it('is unknown where the kernel does not tell, and where nothing can be read', async () => {
    const { serverPid, client } = await startUnder('node', false)
    const blind = freshLookup(() => Promise.resolve(null))
    expect((await wireOf(serverPid, blind)).clientEnd).toBe('unknown')
    await killAndWait(client)
    expect((await wireOf(serverPid, blind)).clientEnd).toBe('unknown')
    const fact = await factOf(serverPid)
    expect((await lookup({ ...fact, identity: 'another' }, [fact])).clientEnd).toBe('unknown')
    expect((await lookup({ ...fact, pid: 2 ** 22 + 1 }, [fact])).clientEnd).toBe('unknown')
  })

  it.skipIf(process.getuid?.() === 0)(
    'is unknown while a process hides that may hold the end (not as root, who sees everything)',
    async () => {
      const { client, serverPid } = await startUnder('python', true)
      // As a key agent does it: nobody's child, and not to be read.
      const hide = `import ctypes,os,time
ctypes.CDLL(None).prctl(4,0,0,0,0); print(os.getpid(),flush=True); time.sleep(60)`
      const shell = spawn('sh', ['-c', 'python3 -c "$1" &', 'sh', hide], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const [said] = (await once(shell.stdout, 'data')) as [Buffer]
      const hidden = Number(said.toString())
      started.push({ child: shell, pids: [hidden] })
      await killAndWait(client)
      const wire = await wireOf(serverPid, freshLookup())
      expect(wire.clientEnd).toBe('unknown')
      expect(wire.evidence[0]).toContain(`process ${hidden}`)
      // One that began long before the pipe was made has not inherited it.
      const fact = await factOf(serverPid)
      const later = { ...fact, startedAtMs: Date.now() + 120_000 }
      expect((await freshLookup()(later, [later])).clientEnd).toBe('closed')
      // Nor has the child of such a one, as a browser's are.
      const child = spawn('python3', ['-c', hide], { stdio: ['ignore', 'pipe', 'ignore'] })
      started.push({ child, pids: [] })
      await once(child.stdout, 'data')
      process.kill(hidden, 'SIGKILL')
      await new Promise((resolve) => setTimeout(resolve, 300))
      const { startedAtMs } = await factOf(child.pid ?? 0)
      const asOld = { ...fact, startedAtMs: startedAtMs + 60_000 }
      expect((await freshLookup()(asOld, [asOld])).clientEnd).toBe('closed')
    },
  )

  it('is none where stdin is a file', async () => {
    const child = spawn('sleep', ['30'], { stdio: ['ignore', 'ignore', 'ignore'] })
    started.push({ child, pids: [] })
    expect((await wireOf(child.pid ?? 0)).clientEnd).toBe('not-applicable')
  })
})
