import { describe, expect, it } from 'vitest'
import { processFact } from '../process-fact.fixture.ts'
import { listenersOf } from './native-source.ts'
import { parseTcpTable } from './native-tcp-table.ts'

/** MIB_TCPTABLE_OWNER_PID (tcpmib.h): a count, then rows of 24 bytes. */
function tableOf4(...rows: readonly { address: number[]; port: number; pid: number }[]): Buffer {
  const bytes = Buffer.alloc(4 + rows.length * 24)
  bytes.writeUInt32LE(rows.length, 0)
  for (const [i, { address, port, pid }] of rows.entries()) {
    bytes.writeUInt32LE(2, 4 + i * 24)
    bytes.set(address, 4 + i * 24 + 4)
    bytes.writeUInt16BE(port, 4 + i * 24 + 8)
    bytes.writeUInt32LE(pid, 4 + i * 24 + 20)
  }
  return bytes
}

/** MIB_TCP6TABLE_OWNER_PID: rows of 56 bytes. */
function tableOf6(
  ...rows: readonly { address: number[]; scope: number; port: number; pid: number }[]
): Buffer {
  const bytes = Buffer.alloc(4 + rows.length * 56)
  bytes.writeUInt32LE(rows.length, 0)
  for (const [i, { address, scope, port, pid }] of rows.entries()) {
    bytes.set(address, 4 + i * 56)
    bytes.writeUInt32LE(scope, 4 + i * 56 + 16)
    bytes.writeUInt16BE(port, 4 + i * 56 + 20)
    bytes.writeUInt32LE(pid, 4 + i * 56 + 52)
  }
  return bytes
}

const LOOPBACK_6 = [...new Array<number>(15).fill(0), 1]
const LINK_LOCAL = [0xfe, 0x80, ...new Array<number>(13).fill(0), 5]

describe('parseTcpTable', () => {
  it('reads addresses, ports and owners of both families', () => {
    const four = tableOf4(
      { address: [127, 0, 0, 1], port: 24282, pid: 88 },
      { address: [0, 0, 0, 0], port: 135, pid: 4 },
    )
    expect(parseTcpTable(four, 'four')).toEqual([
      { address: '127.0.0.1', port: 24282, pid: 88, socket: '127.0.0.1:24282:88' },
      { address: '0.0.0.0', port: 135, pid: 4, socket: '0.0.0.0:135:4' },
    ])
    const six = tableOf6(
      { address: LOOPBACK_6, scope: 0, port: 24282, pid: 88 },
      { address: LINK_LOCAL, scope: 12, port: 80, pid: 9 },
    )
    expect(parseTcpTable(six, 'six')?.map(({ address, port, pid }) => [address, port, pid])).toEqual([
      ['::1', 24282, 88],
      ['fe80::5%12', 80, 9],
    ])
  })

  it('rejects a table that is cut off', () => {
    const table = tableOf4({ address: [127, 0, 0, 1], port: 1, pid: 1 })
    expect(parseTcpTable(table.subarray(0, 27), 'four')).toBeNull()
    expect(parseTcpTable(Buffer.alloc(0), 'six')).toBeNull()
  })
})

describe('listenersOf', () => {
  const process = processFact({ pid: 88 })
  const owned = (pid: number) => [{ address: '127.0.0.1', port: 1, pid, socket: 'a' }]

  it('returns the sockets of each process without the pid', () => {
    expect(listenersOf([process], { four: owned(88), six: [] }).get(88)).toEqual([
      { address: '127.0.0.1', port: 1, socket: 'a' },
    ])
    expect(listenersOf([process], { four: owned(9), six: [] }).get(88)).toEqual([])
  })

  it('does not say "on nothing" without both tables or without all owners', () => {
    expect(listenersOf([process], { four: owned(9), six: null }).get(88)).toBeNull()
    expect(listenersOf([process], { four: null, six: [] }).get(88)).toBeNull()
    expect(listenersOf([process], { four: owned(0), six: [] }).get(88)).toBeNull()
  })
})
