// The clients of a server by the other ends of its connections: real sockets of this process and of a child.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createLinuxSource } from './linux-source.ts'
import { createNetworkUseLookup } from './network-use.ts'
import { portUses } from './parse-connections.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (local: string, remote: string, state: string, inode: number): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 20 4 30 10 -1\n`

describe('portUses', () => {
  it('finds the other end of a connection, in the other table too', () => {
    const tcp =
      HEAD + row('0100007F:C001', '0100007F:1F40', '01', 20) + row('0100007F:C002', '0100007F:0050', '01', 21)
    const mapped = '0000000000000000FFFF00000100007F'
    const tcp6 =
      HEAD +
      row(`${'0'.repeat(32)}:1F40`, `${'0'.repeat(32)}:0000`, '0A', 10) +
      row(`${mapped}:1F40`, `${mapped}:C001`, '01', 11) +
      row(`${mapped}:1F40`, '0000000000000000FFFF00000200000A:C009', '01', 12)
    expect(portUses([tcp, tcp6], new Set(['10', '11', '12']))).toEqual([{ port: 8000, peers: ['20', null] }])
  })

  it('has no connection where none is established, and no port where none listens', () => {
    const tcp =
      HEAD + row('0100007F:1F40', '00000000:0000', '0A', 10) + row('0100007F:1F40', '0100007F:C001', '06', 0)
    expect(portUses([tcp, ''], new Set(['10']))).toEqual([{ port: 8000, peers: [] }])
    expect(portUses([tcp, ''], new Set(['11']))).toEqual([])
    expect(portUses(['', 'nonsense\n\n'], new Set())).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('the lookup', () => {
  it('names the process at each other end, and reads again when the sockets changed', async () => {
    const accepted: Socket[] = []
    const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    ends.push(() => server.close())
    const fact = (await createLinuxSource().list()).byPid.get(process.pid)
    if (!fact) throw new Error('this process is not in the list')
    const lookup = createNetworkUseLookup()
    const clients = async () =>
      (await lookup([fact])).get(process.pid)?.find((use) => use.port === port)?.clients
    expect(await clients()).toEqual([])

    const text = `require('net').connect(${port}, '127.0.0.1', () => console.log('connected'))`
    const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
    ends.push(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    await expect.poll(() => accepted.length).toBe(1)
    expect(await clients()).toEqual([child.pid])

    const own = connect(port, '127.0.0.1')
    ends.push(() => own.destroy())
    await expect.poll(() => accepted.length).toBe(2)
    expect([...((await clients()) ?? [])].sort()).toEqual([child.pid, process.pid].sort())

    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(() => accepted.some((socket) => socket.destroyed || socket.readableEnded)).toBe(true)
    for (const socket of accepted) if (socket.readableEnded) socket.destroy()
    await expect.poll(clients).toEqual([process.pid])
    for (const socket of accepted) socket.destroy()
  })
})
