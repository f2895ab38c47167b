// The answer of GetExtendedTcpTable: listening sockets with the process that owns each. Pure.
// MIB_TCPROW_OWNER_PID and MIB_TCP6ROW_OWNER_PID: tcpmib.h of the Windows SDK.
import type { Listener } from '../process-facts.ts'

/** TCP_TABLE_OWNER_PID_LISTENER. */
export const LISTENERS_WITH_PID = 3
export const FAMILY = { four: 2, six: 23 } as const

const ROW_4 = { size: 24, address: 4, port: 8, pid: 20 } as const
const ROW_6 = { size: 56, address: 0, scope: 16, port: 20, pid: 52 } as const

export type OwnedListener = Listener & { pid: number }

/** Returns the listening sockets; null: the answer is cut off. */
export function parseTcpTable(bytes: Buffer, family: 'four' | 'six'): readonly OwnedListener[] | null {
  if (bytes.length < 4) return null
  const count = bytes.readUInt32LE(0)
  const row = family === 'four' ? ROW_4 : ROW_6
  if (bytes.length < 4 + count * row.size) return null
  return Array.from({ length: count }, (_, i) => {
    const at = 4 + i * row.size
    const address = family === 'four' ? addressOf4(bytes, at + ROW_4.address) : addressOf6(bytes, at)
    // The first two bytes, in network order.
    const port = bytes.readUInt16BE(at + row.port)
    const pid = bytes.readUInt32LE(at + row.pid)
    return { address, port, pid, socket: `${address}:${port}:${pid}` }
  })
}

const addressOf4 = (bytes: Buffer, at: number): string => [...bytes.subarray(at, at + 4)].join('.')

function addressOf6(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + i * 2).toString(16))
  const text = new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
  const scope = bytes.readUInt32LE(at + ROW_6.scope)
  return scope === 0 ? text : `${text}%${scope}`
}
