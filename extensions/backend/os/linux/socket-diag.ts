// The other end of a unix socket, by netlink (man sock_diag, linux/unix_diag.h).
import type { LibcCalls } from './libc-calls.ts'

const AF_UNIX = 1
const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 0o2000003
const NETLINK_SOCK_DIAG = 4
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST = 1
const UDIAG_SHOW_PEER = 4
const UNIX_DIAG_PEER = 2
const HEADER_BYTES = 16
const REQUEST_BYTES = 24
const ANSWER_BYTES = 16
const MSG_DONTWAIT = 0x40

/**
 * Returns a lookup of the peer of one unix socket by its inode, as `ss -x` lists all. Its result is the inode of the peer, `0` once
 * that is closed; null: the socket is not listed in this network namespace.
 */
export function createPeerLookup({
  socket,
  send,
  recv,
}: Pick<LibcCalls, 'socket' | 'send' | 'recv'>): (inode: string) => string | null {
  let channel: number | null = null
  const request = peerRequest()
  const answer = Buffer.alloc(4096)
  let sequence = 0

  return (inode) => {
    channel ??= socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG)
    if (channel < 0) {
      channel = null
      return null
    }
    sequence = (sequence + 1) >>> 0
    request.writeUInt32LE(sequence, 8)
    request.writeUInt32LE(Number(inode), HEADER_BYTES + 8)
    if (send(channel, request, request.length, 0) !== request.length) return null
    // The kernel answers within the call that sends; what is left of an earlier request is skipped.
    for (;;) {
      const length = recv(channel, answer, answer.length, MSG_DONTWAIT)
      if (length < HEADER_BYTES) return null
      if (answer.readUInt32LE(8) !== sequence) continue
      if (answer.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return null
      return readPeer(answer.subarray(0, length), inode)
    }
  }
}

function peerRequest(): Buffer {
  const request = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES)
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4)
  request.writeUInt16LE(NLM_F_REQUEST, 6)
  request.writeUInt8(AF_UNIX, HEADER_BYTES)
  // All states; the cookie says "whichever".
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 4)
  request.writeUInt32LE(UDIAG_SHOW_PEER, HEADER_BYTES + 12)
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 16)
  request.writeUInt32LE(0xffff_ffff, HEADER_BYTES + 20)
  return request
}

function readPeer(answer: Buffer, inode: string): string | null {
  if (answer.readUInt32LE(HEADER_BYTES + 4) !== Number(inode)) return null
  for (let at = HEADER_BYTES + ANSWER_BYTES; at + 4 <= answer.length; ) {
    const length = answer.readUInt16LE(at)
    if (length < 4) break
    if (answer.readUInt16LE(at + 2) === UNIX_DIAG_PEER) return String(answer.readUInt32LE(at + 4))
    at += (length + 3) & ~3
  }
  return null
}
