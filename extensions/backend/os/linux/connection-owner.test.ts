// Which process has the other end of a connection, on real sockets of real processes.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConnectionEnds } from '../network-facts.ts'
import { connectionOwner } from './connection-owner.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const identityOf = (pid: number): string => `boot:${pid}`
const processOf = (pid: number) => ({ pid, identity: identityOf(pid) })

/** A process of the test that listens and accepts one connection for each line that it reads. */
async function startListener(
  address: string,
): Promise<{ child: ChildProcess; port: number; accept: () => Promise<void> }> {
  const script = `import socket, sys
family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
server = socket.socket(family)
if family == socket.AF_INET6: server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind((sys.argv[1], 0))
server.listen(5)
print(server.getsockname()[1], flush=True)
kept = []
for line in sys.stdin:
    kept.append(server.accept())
    print('accepted', flush=True)`
  const child = spawn('python3', ['-c', script, address], { stdio: ['pipe', 'pipe', 'inherit'] })
  closers.push(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const line = async (): Promise<string> => ((await once(lines, 'line')) as [string])[0]
  const port = Number(await line())
  return {
    child,
    port,
    async accept() {
      const accepted = line()
      child.stdin.write('\n')
      await accepted
    },
  }
}

async function connectTo(host: string, port: number): Promise<{ socket: Socket; ends: ConnectionEnds }> {
  const socket = connect({ host, port }).on('error', () => undefined)
  closers.push(() => socket.destroy())
  await once(socket, 'connect')
  const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket
  const ends = {
    theirs: { address: remoteAddress, port: remotePort },
    ours: { address: localAddress, port: localPort },
  }
  return { socket, ends }
}

describe.skipIf(process.platform !== 'linux')('the owner of a connection', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.2', '127.0.0.2'],
    ['0.0.0.0', '127.0.0.3'],
    ['::1', '::1'],
    ['::', '127.0.0.1'],
  ])(
    'listening on %s, connected to at %s: waits until it is accepted, then is that process alone',
    async (address, at) => {
      const listener = await startListener(address)
      const pid = listener.child.pid ?? 0
      const { ends } = await connectTo(at, listener.port)
      expect(await connectionOwner(processOf(pid), ends, identityOf)).toBe('waiting')
      await listener.accept()
      expect(await connectionOwner(processOf(pid), ends, identityOf)).toBe('own')
      expect(await connectionOwner(processOf(process.pid), ends, identityOf)).toBe('other')
      // Another process has the pid by now.
      expect(await connectionOwner({ pid, identity: 'boot:before' }, ends, identityOf)).toBe('other')
      // Another connection to the same port proves nothing about this one.
      const unaccepted = await connectTo(at, listener.port)
      expect(await connectionOwner(processOf(pid), unaccepted.ends, identityOf)).toBe('waiting')
      const unknown = { ...ends, ours: { ...ends.ours, port: 1 } }
      expect(await connectionOwner(processOf(pid), unknown, identityOf)).toBe('other')
    },
  )

  it('the listener alone is not enough: a connection to another server of the machine is not its own', async () => {
    const listener = await startListener('127.0.0.1')
    const server = createServer().listen(0, '127.0.0.1')
    closers.push(() => server.close())
    await once(server, 'listening')
    const { ends } = await connectTo('127.0.0.1', (server.address() as { port: number }).port)
    expect(await connectionOwner(processOf(listener.child.pid ?? 0), ends, identityOf)).toBe('other')
  })

  it('is unknown for a process that has exited', async () => {
    const listener = await startListener('127.0.0.1')
    const { ends } = await connectTo('127.0.0.1', listener.port)
    const pid = listener.child.pid ?? 0
    listener.child.kill('SIGKILL')
    await once(listener.child, 'exit')
    expect(await connectionOwner(processOf(pid), ends, identityOf)).toBe('unknown')
  })
})
