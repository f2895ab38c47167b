// `netstat -ano -p TCP` and `-p TCPv6` -> listening sockets by process. Pure.
import type { Listener } from '../process-facts.ts'

/** The address of a missing other end. State words are in the language of Windows (`LISTENING`, `ABHÖREN`), this is not. */
const NO_OTHER_END: readonly string[] = ['0.0.0.0:0', '[::]:0']

/**
 * Returns the listening sockets of each pid, lowest port first; null: no row was understood, so nothing is known. A socket has no number
 * here: its key is `address:port:pid`, which is another one for another process only.
 */
export function parseNetstat(text: string): ReadonlyMap<number, readonly Listener[]> | null {
  const listeners = new Map<number, Listener[]>()
  let rows = 0
  for (const line of text.split('\n')) {
    // Proto, local address, foreign address, state (one word or more), pid.
    const [protocol, local = '', foreign = '', ...rest] = line.trim().split(/\s+/)
    const pid = rest.at(-1) ?? ''
    if (protocol !== 'TCP' || rest.length < 2 || !/^\d{1,10}$/.test(pid)) continue
    const end = parseEndpoint(local)
    if (!end) continue
    rows++
    if (!NO_OTHER_END.includes(foreign)) continue
    const owned = listeners.get(Number(pid)) ?? []
    owned.push({ ...end, socket: `${end.address}:${end.port}:${pid}` })
    listeners.set(Number(pid), owned)
  }
  for (const owned of listeners.values()) owned.sort((a, b) => a.port - b.port)
  return rows === 0 ? null : listeners
}

/** `127.0.0.1:80`, `[::1]:80`, `[fe80::1%12]:80`; null: no such thing, or port 0. */
function parseEndpoint(text: string): { address: string; port: number } | null {
  const match = /^(?:\[([0-9a-f:.]+(?:%\w+)?)\]|(\d{1,3}(?:\.\d{1,3}){3})):(\d{1,5})$/i.exec(text)
  const address = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return address === undefined || !(port > 0 && port < 65_536) ? null : { address, port }
}
