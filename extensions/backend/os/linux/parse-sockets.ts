// `/proc/net/tcp` and `tcp6` -> listening sockets. Pure.

import { withoutMapping } from '../../lib/network-address.ts'
import type { UnownedListener } from '../process-facts.ts'

const LISTEN = '0A'

/** Returns the listening sockets by inode, each with the user that opened it. */
export function parseTcpListeners(text: string): Map<string, UnownedListener> {
  const listeners = new Map<string, UnownedListener>()
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const [, local, , state] = fields
    const inode = fields[9]
    const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local ?? '')
    if (state !== LISTEN || inode === undefined || !match) continue
    const [, address = '', port = ''] = match
    listeners.set(inode, {
      address: formatAddress(address),
      port: Number.parseInt(port, 16),
      socket: inode,
      uid: Number(fields[7]),
    })
  }
  return listeners
}

/**
 * Returns the inode of the connected socket with these two ends, `0` while it waits to be accepted; null: the table has no such row.
 * `local` is the end of the process whose socket is searched.
 */
export function findConnection(
  text: string,
  local: { address: string; port: number },
  remote: { address: string; port: number },
): string | null {
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    if (fields[3] === LISTEN) continue
    if (isEndpoint(fields[1], local) && isEndpoint(fields[2], remote)) return fields[9] ?? null
  }
  return null
}

function isEndpoint(
  field: string | undefined,
  { address, port }: { address: string; port: number },
): boolean {
  const [hex = '', portHex = ''] = field?.split(':') ?? []
  // Cheap first: the table has a row for every socket of the machine.
  if (Number.parseInt(portHex, 16) !== port) return false
  return withoutMapping(formatAddress(hex)) === withoutMapping(address)
}

/**
 * Formats an address of `/proc/net/tcp`: the kernel prints each 32-bit word in the machine's order (little-endian everywhere Serena
 * runs).
 */
export function formatAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  )
  return bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes)
}

function formatIpv6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  return compressIpv6(groups)
}

/** The longest run of two or more zero groups becomes `::` (RFC 5952). */
function compressIpv6(groups: readonly string[]): string {
  let best = { from: -1, length: 1 }
  for (let from = 0; from < groups.length; from++) {
    let length = 0
    while (groups[from + length] === '0') length++
    if (length > best.length) best = { from, length }
  }
  if (best.from < 0) return groups.join(':')
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`
}

/** Returns the inode of a descriptor link such as `socket:[1234]`; null: no socket. */
export const socketInode = (link: string): string | null => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? null
