// What is read of a connection: rows as this kernel prints them.
import { expect, it } from 'vitest'
import { parseDescriptorFlags, parseUnixReferences, pipeInode } from './parse-descriptor.ts'

const TABLE = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000003 00000000 00000000 0001 03 595657
0000000000000000: 00000002 00000000 00000000 0001 03 595659
0000000000000000: 00000002 00000000 00010000 0001 01  1234 /run/dbus/socket
0000000000000000: 00000002 00000000 00000000 0002 01  1235
`

it('counts references of unnamed stream sockets only', () => {
  expect([...parseUnixReferences(TABLE)]).toEqual([
    ['595657', 3],
    ['595659', 2],
  ])
  expect(parseUnixReferences('').size).toBe(0)
})

it('reads what a descriptor is and may', () => {
  expect([pipeInode('pipe:[12]'), pipeInode('socket:[13]'), pipeInode('/dev/null')]).toEqual([
    '12',
    null,
    null,
  ])
  expect(parseDescriptorFlags('pos:\t0\nflags:\t02004002\nmnt_id:\t9\n')).toEqual({
    canRead: true,
    canWrite: true,
    isCloseOnExec: true,
  })
  expect(parseDescriptorFlags('flags:\t01\n')).toMatchObject({ canRead: false, canWrite: true })
  expect(parseDescriptorFlags('flags:\t02000000\n')).toMatchObject({ canRead: true, canWrite: false })
  expect(parseDescriptorFlags('')).toBeNull()
})
