// Answers of libproc about descriptors -> pipes, sockets and files. Pure. A handle is what the kernel shows instead of an address: the same
// for every process that has the same end open, another for every end. 0 instead of the handle of the other end: no process has that
// end open any more (bsd/kern/sys_pipe.c, pipeclose; bsd/kern/uipc_usrreq.c, unp_disconnect).
import type { Listener } from '../process-facts.ts'
import { stringAt } from './native-facts.ts'
import {
  AF_INET,
  FREAD,
  FWRITE,
  MAXPATHLEN,
  PIPE_FDINFO,
  PROC_FDINFO,
  PROC_FILEINFO,
  PROC_FP_CLEXEC,
  SOCK_STREAM,
  SOCKET_FDINFO,
  SOCKINFO_TCP,
  SOCKINFO_UN,
  SOI_S_CANTRCVMORE,
  SOI_S_ISDISCONNECTED,
  TSI_S_LISTEN,
  VNODE_FDINFOWITHPATH,
} from './native-layout.ts'

/** A row of PROC_PIDLISTFDS; `type`: PROX_FDTYPE_. */
export interface DescriptorRow {
  fd: number
  type: number
}

interface Opened {
  canRead: boolean
  canWrite: boolean
  /** Close-on-exec: as every descriptor that Python makes by itself. */
  isPrivate: boolean
}

/** One end of a pipe, or of a pair of unix sockets. */
export interface ChannelEnd extends Opened {
  kind: 'pipe' | 'socket'
  handle: string
  /** The handle of the other end; null: no process has it open any more. */
  peer: string | null
  /** The other end is open and writes no more: `shutdown(SHUT_WR)`. */
  isShut: boolean
}

/** A file, terminal, named pipe or device. */
export interface OpenFile extends Opened {
  kind: 'file'
  /** Empty: it was removed. */
  path: string
  /** The format bits of `st_mode`. */
  format: number
}

/** `other`: it carries no messages, such as an internet socket that does not listen. */
export type Descriptor = ChannelEnd | OpenFile | { kind: 'listener'; listener: Listener } | { kind: 'other' }

const S_IFMT = 0o170000
/** `i46a_pad32` before the IPv4 address. */
const PADDING_4 = 12

/** Parses the rows of PROC_PIDLISTFDS. */
export function parseDescriptorRows(bytes: Buffer): readonly DescriptorRow[] {
  const count = Math.floor(bytes.length / PROC_FDINFO.size)
  return Array.from({ length: count }, (_, i) => ({
    fd: bytes.readInt32LE(i * PROC_FDINFO.size + PROC_FDINFO.proc_fd),
    type: bytes.readUInt32LE(i * PROC_FDINFO.size + PROC_FDINFO.proc_fdtype),
  }))
}

/** Parses a `pipe_fdinfo`; null: the system shows no handles. */
export function parsePipe(bytes: Buffer): ChannelEnd | null {
  const handle = handleAt(bytes, PIPE_FDINFO['pipeinfo.pipe_handle'])
  const peer = handleAt(bytes, PIPE_FDINFO['pipeinfo.pipe_peerhandle'])
  return handle === null ? null : { kind: 'pipe', ...openedOf(bytes), handle, peer, isShut: false }
}

/** Parses a `vnode_fdinfowithpath`. */
export const parseFile = (bytes: Buffer): OpenFile => ({
  kind: 'file',
  ...openedOf(bytes),
  path: stringAt(bytes, VNODE_FDINFOWITHPATH['pvip.vip_path'], MAXPATHLEN),
  format: bytes.readUInt16LE(VNODE_FDINFOWITHPATH['pvip.vip_vi.vi_stat.vst_mode']) & S_IFMT,
})

/** Parses a `socket_fdinfo`. */
export function parseSocket(bytes: Buffer): Descriptor {
  const at = SOCKET_FDINFO
  const kind = bytes.readInt32LE(at['psi.soi_kind'])
  if (kind === SOCKINFO_TCP) return listenerOf(bytes) ?? { kind: 'other' }
  if (kind !== SOCKINFO_UN || bytes.readInt32LE(at['psi.soi_type']) !== SOCK_STREAM) return { kind: 'other' }
  const state = bytes.readUInt16LE(at['psi.soi_state'])
  const handle = handleAt(bytes, at['psi.soi_pcb'])
  const peer = handleAt(bytes, at['psi.soi_proto.pri_un.unsi_conn_pcb'])
  // A socket that listens, or was never connected, has no other end either.
  const isLost = peer === null && (state & SOI_S_ISDISCONNECTED) !== 0
  if (handle === null || (peer === null && !isLost)) return { kind: 'other' }
  const isShut = peer !== null && (state & SOI_S_CANTRCVMORE) !== 0
  return { kind: 'socket', ...openedOf(bytes), handle, peer, isShut }
}

function listenerOf(bytes: Buffer): { kind: 'listener'; listener: Listener } | null {
  const at = SOCKET_FDINFO
  if (bytes.readInt32LE(at['psi.soi_proto.pri_tcp.tcpsi_state']) !== TSI_S_LISTEN) return null
  // An int that holds the two bytes of the port in network order.
  const port = bytes.readUInt16BE(at['psi.soi_proto.pri_in.insi_lport'])
  if (port === 0) return null
  const isFour = bytes.readInt32LE(at['psi.soi_family']) === AF_INET
  const from = at['psi.soi_proto.pri_in.insi_laddr']
  const address = isFour ? addressOf4(bytes, from + PADDING_4) : addressOf6(bytes, from)
  // The handle of the socket: a new socket has a new key.
  return { kind: 'listener', listener: { address, port, socket: handleAt(bytes, at['psi.soi_so']) ?? '' } }
}

function openedOf(bytes: Buffer): Opened {
  const flags = bytes.readUInt32LE(PROC_FILEINFO.fi_openflags)
  return {
    canRead: (flags & FREAD) !== 0,
    canWrite: (flags & FWRITE) !== 0,
    isPrivate: (bytes.readUInt32LE(PROC_FILEINFO.fi_status) & PROC_FP_CLEXEC) !== 0,
  }
}

function handleAt(bytes: Buffer, at: number): string | null {
  const handle = bytes.readBigUInt64LE(at)
  return handle === 0n ? null : `0x${handle.toString(16)}`
}

/** The start of an IPv4 address in an IPv6 socket. */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex')

const addressOf4 = (bytes: Buffer, at: number): string => [...bytes.subarray(at, at + 4)].join('.')

function addressOf6(bytes: Buffer, at: number): string {
  const isMapped = bytes.subarray(at, at + PADDING_4).equals(MAPPED)
  if (isMapped) return `::ffff:${addressOf4(bytes, at + PADDING_4)}`
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + i * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
