// Decoders against structures that a compiler filled by Apple's field names (test/fixtures/platforms/macos/native-layouts.c).
import { describe, expect, it } from 'vitest'
import { parseDescriptorRows, parseFile, parsePipe, parseSocket } from './native-descriptors.ts'
import { PIPE_FDINFO, SOCKET_FDINFO } from './native-layout.ts'
import { recorded } from './native-machine.fixture.ts'

it('lists descriptors with their types', () => {
  expect(parseDescriptorRows(recorded('descriptors'))).toEqual([
    { fd: 0, type: 6 },
    { fd: 1, type: 2 },
    { fd: 2, type: 1 },
    { fd: 7, type: 5 },
  ])
})

describe('a pipe', () => {
  it('has a handle, the handle of its other end, and a direction', () => {
    expect(parsePipe(recorded('pipe'))).toEqual({
      kind: 'pipe',
      canRead: true,
      canWrite: false,
      isPrivate: false,
      handle: '0xabcdef0123456789',
      peer: '0x1122334455667788',
      isShut: false,
    })
  })

  it('has no other end when no process has that open', () => {
    expect(parsePipe(recorded('pipe without a peer'))).toMatchObject({
      canRead: false,
      canWrite: true,
      isPrivate: true,
      peer: null,
    })
  })

  it('is unknown where the system shows no handles', () => {
    const bytes = recorded('pipe')
    bytes.writeBigUInt64LE(0n, PIPE_FDINFO['pipeinfo.pipe_handle'])
    expect(parsePipe(bytes)).toBeNull()
  })
})

describe('a unix socket', () => {
  it('is connected', () => {
    expect(parseSocket(recorded('unix'))).toEqual({
      kind: 'socket',
      canRead: true,
      canWrite: true,
      isPrivate: true,
      handle: '0x6000',
      peer: '0x8000',
      isShut: false,
    })
  })

  it('has an other end that writes no more', () => {
    expect(parseSocket(recorded('unix, the peer writes no more'))).toMatchObject({
      peer: '0x8000',
      isShut: true,
    })
  })

  it('has no other end after that was closed', () => {
    expect(parseSocket(recorded('unix without a peer'))).toMatchObject({
      handle: '0x6000',
      peer: null,
      isShut: false,
    })
  })

  it('is no connection when it was never connected, or when it keeps no order', () => {
    const bytes = recorded('unix without a peer')
    bytes.writeUInt16LE(0, SOCKET_FDINFO['psi.soi_state'])
    expect(parseSocket(bytes)).toEqual({ kind: 'other' })
    const datagram = recorded('unix')
    datagram.writeInt32LE(2, SOCKET_FDINFO['psi.soi_type'])
    expect(parseSocket(datagram)).toEqual({ kind: 'other' })
  })
})

describe('an internet socket', () => {
  it.each([
    ['listener 127.0.0.1:24282', '127.0.0.1'],
    ['listener [::]:24282', '::'],
    ['listener [::1]:24282', '::1'],
  ])('%s', (name, address) => {
    expect(parseSocket(recorded(name))).toEqual({
      kind: 'listener',
      listener: { address, port: 24_282, socket: '0x9000' },
    })
  })

  it('has an IPv4 address in an IPv6 socket', () => {
    const bytes = recorded('listener [::1]:24282')
    const at = SOCKET_FDINFO['psi.soi_proto.pri_in.insi_laddr']
    Buffer.from('00000000000000000000ffff7f000002', 'hex').copy(bytes, at)
    expect(parseSocket(bytes)).toMatchObject({ listener: { address: '::ffff:127.0.0.2' } })
  })

  it('is no listener when it is connected', () => {
    expect(parseSocket(recorded('established'))).toEqual({ kind: 'other' })
  })
})

it('has the path and the format of a file', () => {
  expect(parseFile(recorded('file'))).toEqual({
    kind: 'file',
    canRead: false,
    canWrite: true,
    isPrivate: false,
    path: '/Users/ana/.serena/logs/2026-11-30/mcp_1_4711.txt',
    format: 0o100000,
  })
  expect(parseFile(recorded('terminal'))).toMatchObject({ path: '/dev/ttys003', format: 0o020000 })
})
