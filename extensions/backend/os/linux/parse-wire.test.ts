// What is read of a wire: rows as this kernel and its ss print them.
import { expect, it } from 'vitest'
import { parseDescriptorFlags, parseSocketPeers, parseUnixReferences, wireInode } from './parse-wire.ts'

const TABLE = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000003 00000000 00000000 0001 03 595657
0000000000000000: 00000002 00000000 00000000 0001 03 595659
0000000000000000: 00000002 00000000 00010000 0001 01  1234 /run/dbus/socket
0000000000000000: 00000002 00000000 00000000 0002 01  1235
`
/** Recorded: ss of iproute2 6.1.0; the third lost its peer, the last two are none of a wire. */
const PEERS = `u_str ESTAB 0      0      * 4046133 * 4046134
u_str ESTAB 0      0      * 4046134 * 4046133
u_str ESTAB 0      0      * 4046135 * 0
u_str LISTEN 0      4096  /run/systemd/private 1234 * 0
u_dgr UNCONN 0      0      * 1235 * 0
`

it('counts references of unnamed stream sockets only', () => {
  expect([...parseUnixReferences(TABLE)]).toEqual([
    ['595657', 3],
    ['595659', 2],
  ])
  expect(parseUnixReferences('').size).toBe(0)
})

it('reads what a descriptor is and may', () => {
  expect(wireInode('pipe:[12]')).toEqual({ kind: 'pipe', inode: '12' })
  expect(wireInode('socket:[13]')).toEqual({ kind: 'socket', inode: '13' })
  expect([wireInode('/dev/null'), wireInode('/dev/pts/1'), wireInode('anon_inode:[eventpoll]')]).toEqual([
    null,
    null,
    null,
  ])
  expect(parseDescriptorFlags('pos:\t0\nflags:\t02004002\nmnt_id:\t9\n')).toEqual({
    canRead: true,
    canWrite: true,
    isNonBlocking: true,
    isCloseOnExec: true,
  })
  expect(parseDescriptorFlags('flags:\t01\n')).toMatchObject({ canRead: false, canWrite: true })
  expect(parseDescriptorFlags('flags:\t02000000\n')).toMatchObject({ canRead: true, canWrite: false })
  expect(parseDescriptorFlags('')).toBeNull()
})

it('reads peers of connected unnamed stream sockets only', () => {
  expect([...parseSocketPeers(PEERS)]).toEqual([
    ['4046133', '4046134'],
    ['4046134', '4046133'],
    ['4046135', null],
  ])
  expect(parseSocketPeers('').size).toBe(0)
  expect(parseSocketPeers('u_str ESTAB 0 0 * x * 0\nu_str ESTAB 0 0 * 12').size).toBe(0)
})
