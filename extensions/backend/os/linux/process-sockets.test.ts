// A remembered listener is proven again at each read, by the links of its descriptors. Real processes, a clock of the test.
import { spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import type { ProcessFact } from '../process-facts.ts'
import { createListenerLookup } from './process-sockets.ts'

it.skipIf(process.platform !== 'linux')(
  'reports that a settled listener closed, and finds one that opens later',
  async () => {
    const program = `
    const { createServer } = require('node:net')
    const servers = []
    process.stdin.on('data', (data) => {
      if (String(data).startsWith('close')) for (const server of servers.splice(0)) server.close(() => console.log('closed'))
      else { const server = createServer().listen(0, '127.0.0.1', () => console.log(server.address().port)); servers.push(server) }
    })`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const said = (): Promise<string> =>
        new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())))
      const tell = async (word: string): Promise<string> => {
        const answer = said()
        child.stdin.write(word)
        return answer
      }
      let nowMs = 0
      const lookup = createListenerLookup(() => nowMs)
      const fact = { pid: child.pid ?? 0, identity: 'boot:x:1' } as ProcessFact
      const ports = async (): Promise<number[]> => {
        const found = await lookup([fact])
        return (found.get(fact.pid) ?? []).map(({ port }) => port).sort()
      }
      const first = Number(await tell('open'))
      expect(await ports()).toEqual([first])
      // Settled: from here on the links are enough, for half a minute.
      nowMs += 61_000
      expect(await ports()).toEqual([first])
      nowMs += 1_000
      expect(await ports()).toEqual([first])
      const second = Number(await tell('open'))
      nowMs += 31_000
      expect(await ports()).toEqual([first, second].sort())
      nowMs += 61_000
      expect(await ports()).toEqual([first, second].sort())
      await tell('close')
      nowMs += 1
      expect(await ports()).toEqual([])
    } finally {
      child.kill('SIGKILL')
    }
  },
)

it.skipIf(process.platform !== 'linux')(
  'a wildcard is shadowed while another socket listens on the address at which it is asked',
  async () => {
    const program = `import socket, sys
kept = {}
for line in sys.stdin:
    word, address, port = line.split()
    if word == 'close':
        kept.pop(address).close()
        print('closed', flush=True)
        continue
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind((address, int(port)))
    one.listen(5)
    kept[address] = one
    print(one.getsockname()[1], flush=True)`
    const start = () => {
      const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })
      const ask = (words: string): Promise<string> => {
        const answer = new Promise<string>((resolve) => lines.once('line', resolve))
        child.stdin.write(`${words}\n`)
        return answer
      }
      return { child, ask, fact: { pid: child.pid ?? 0, identity: `boot:${child.pid}:1` } as ProcessFact }
    }
    const [wide, specific] = [start(), start()]
    try {
      let nowMs = 0
      const lookup = createListenerLookup(() => nowMs)
      const seen = async (): Promise<unknown[]> => {
        const found = await lookup([wide.fact, specific.fact])
        return [wide, specific].map(({ fact }) =>
          (found.get(fact.pid) ?? []).map((one) => one.unreachable ?? 'ours'),
        )
      }
      const port = await wide.ask('open 0.0.0.0 0')
      expect(await seen()).toEqual([['ours'], []])
      // Settled: from here on the descriptors alone are read, which say nothing of others.
      nowMs += 61_000
      expect(await seen()).toEqual([['ours'], []])
      await specific.ask(`open 127.0.0.1 ${port}`)
      expect(await seen()).toEqual([['shadowed'], ['ours']])
      await specific.ask(`close 127.0.0.1 ${port}`)
      await specific.ask(`open 127.0.0.2 ${port}`)
      expect(await seen()).toEqual([['ours'], ['ours']])
    } finally {
      wide.child.kill('SIGKILL')
      specific.child.kill('SIGKILL')
    }
  },
)

it.skipIf(process.platform !== 'linux')(
  'a listener on an address that this machine does not have is not reachable from here; its network is named',
  async () => {
    // Bound as if the address had been here and were gone by now (IP_FREEBIND).
    const program = `import socket, sys
kept = []
for address in ('192.0.2.1', '127.0.0.2'):
    one = socket.socket()
    one.setsockopt(socket.IPPROTO_IP, 15, 1)
    one.bind((address, 0))
    one.listen(5)
    kept.append(one)
print('ready', flush=True)
sys.stdin.read()`
    const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      const fact = { pid: child.pid ?? 0, identity: 'boot:x:1' } as ProcessFact
      const found = (await createListenerLookup()([fact])).get(fact.pid) ?? []
      const network = readlinkSync('/proc/self/ns/net')
      expect(found.map((one) => [one.address, one.network, one.unreachable]).sort()).toEqual([
        ['127.0.0.2', network, undefined],
        ['192.0.2.1', network, 'no-address'],
      ])
    } finally {
      child.kill('SIGKILL')
    }
  },
)
