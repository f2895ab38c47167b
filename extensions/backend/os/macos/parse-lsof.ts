// The fields of `lsof -F` -> folder, listening sockets and open logs of each process. Pure.
// Sources: lsof(8), "OUTPUT FOR OTHER PROGRAMS"; lib/dialects/darwin/dsock.c for what macOS puts into which field.
import { posix } from 'node:path'
import type { Listener } from '../process-facts.ts'
import type { StdioKind } from './judge-connection.ts'

/** pid, descriptor, type, device, protocol, TCP state, name. */
export const FIELDS = 'pftdPTn'

/** A unix socket without a name, or a pipe: it may be an end of the stdio connection. */
export interface OpenEnd {
  fd: number
  kind: StdioKind
  /** The kernel's name of it, and of the other end; null: no process has that open any more. */
  handle: string
  peer: string | null
}

export interface OpenFiles {
  cwd: string | null
  /** The path on descriptor 0 where it is no end, such as `/dev/null`; null: an end, or nothing. */
  stdin: string | null
  ends: readonly OpenEnd[]
  /** Lowest port first. */
  listeners: readonly Listener[]
  /** Under a folder named `logs`, absolute. */
  openLogFiles: readonly string[]
}

interface Gathered {
  cwd: string | null
  stdin: string | null
  ends: OpenEnd[]
  listeners: Listener[]
  logs: Set<string>
}

/** One descriptor, by field letter; of several lines of one letter (`TST=`, `TQR=`) the state is kept. */
type Fields = ReadonlyMap<string, string>

/** Returns what each listed process holds open. A process that is not in it has exited, or may not be read. */
export function parseLsof(text: string): ReadonlyMap<number, OpenFiles> {
  const byPid = new Map<number, Gathered>()
  let process: Gathered | null = null
  let fields = new Map<string, string>()
  const finish = (): void => {
    if (process) gather(process, fields)
    fields = new Map()
  }
  for (const line of text.split('\n')) {
    const letter = line.slice(0, 1)
    const value = line.slice(1)
    if (letter === 'p') {
      finish()
      process = /^\d{1,10}$/.test(value) ? processOf(byPid, Number(value)) : null
      continue
    }
    if (letter === 'f') finish()
    if (letter === 'T' && !value.startsWith('ST=')) continue
    if (letter !== '') fields.set(letter, value)
  }
  finish()
  return new Map([...byPid].map(([pid, gathered]) => [pid, settle(gathered)]))
}

function processOf(byPid: Map<number, Gathered>, pid: number): Gathered {
  const process = byPid.get(pid) ?? { cwd: null, stdin: null, ends: [], listeners: [], logs: new Set() }
  byPid.set(pid, process)
  return process
}

function gather(process: Gathered, fields: Fields): void {
  const name = unescapeName(fields.get('n') ?? '')
  const descriptor = fields.get('f')
  if (descriptor === 'cwd') {
    if (name.startsWith('/')) process.cwd = name
    return
  }
  const end = endOf(fields)
  if (end) process.ends.push(end)
  else if (descriptor === '0' && name.startsWith('/')) process.stdin = name
  const listener = listenerOf(fields, name)
  if (listener) process.listeners.push(listener)
  else if (isSerenaLog(name)) process.logs.add(name)
}

const settle = ({ cwd, stdin, ends, listeners, logs }: Gathered): OpenFiles => ({
  cwd,
  stdin,
  ends,
  listeners: listeners.sort((a, b) => a.port - b.port),
  openLogFiles: [...logs],
})

/**
 * `->0x…` names the other end. Without one a socket says `->(none)` (dsock.c, `unsi_conn_pcb`) and a pipe nothing (dfile.c,
 * `pipe_peerhandle`; the number of waiting bytes follows). An end without a handle of its own was not read.
 */
function endOf(fields: Fields): OpenEnd | null {
  const fd = Number(fields.get('f'))
  const handle = fields.get('d') ?? ''
  if (!Number.isInteger(fd) || !/^0x0*[1-9a-f]/i.test(handle)) return null
  const name = fields.get('n') ?? ''
  const peer = /^->(0x[0-9a-f]+)(?:, cnt=\d+)?$/i.exec(name)?.[1] ?? null
  if (fields.get('t') === 'unix' && (peer !== null || name === '->(none)'))
    return { fd, kind: 'socket', handle, peer }
  if (fields.get('t') === 'PIPE' && (peer !== null || /^(, cnt=\d+)?$/.test(name)))
    return { fd, kind: 'pipe', handle, peer }
  return null
}

function listenerOf(fields: Fields, name: string): Listener | null {
  if (fields.get('P') !== 'TCP' || fields.get('T') !== 'ST=LISTEN') return null
  const match = /^(?:\*|\[([0-9a-f:.]+(?:%\w+)?)\]|(\d{1,3}(?:\.\d{1,3}){3})):(\d{1,5})$/i.exec(name)
  const port = Number(match?.[3])
  if (!match || !(port > 0 && port < 65_536)) return null
  // The name of a socket on all addresses is `*` in both families; the type distinguishes them.
  const any = fields.get('t') === 'IPv6' ? '::' : '0.0.0.0'
  const address = match[1] ?? match[2] ?? any
  // The address of the socket in the kernel, as the inode is on Linux: with it, a new socket has a new key.
  return { address, port, socket: `${fields.get('d') ?? ''}:${fields.get('f') ?? ''}:${address}:${port}` }
}

/** Returns true for a file that Serena keeps open: SERENA_HOME/logs/<date>/mcp_<time>_<pid>.txt. */
export function isSerenaLog(name: string): boolean {
  if (!name.startsWith('/') || !/\.(txt|log)$/.test(name)) return false
  const folder = posix.dirname(name)
  return [folder, posix.dirname(folder)].some((one) => posix.basename(one) === 'logs')
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
])

/** What lsof cannot print it writes as `\xc3`, byte for byte of UTF-8, and a few characters as `\n`, `\\`. */
function unescapeName(name: string): string {
  return name.replace(/(?:\\x[0-9a-f]{2})+|\\[bfnrt\\]/g, (escaped) =>
    escaped.startsWith('\\x')
      ? Buffer.from(escaped.replaceAll('\\x', ''), 'hex').toString('utf8')
      : (SHORT.get(escaped.slice(1)) ?? escaped),
  )
}
