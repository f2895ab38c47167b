// The kernel's socket tables.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseTcpListeners, socketInode } from './parse-sockets.ts'

const row = (address: string, port: string, state = '0A', inode = '777') =>
  `   0: ${address}:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 100 0 0 10 0`
const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const one = (address: string, port = '5EDA') => parseTcpListeners(`${head}\n${row(address, port)}`).get('777')

it.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['00000000000000000000000001000000', '::1'],
  ['00000000000000000000000000000000', '::'],
  ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
])('%s is %s', (hex, address) => {
  expect(one(hex)).toEqual({ address, port: 24282, socket: '777', uid: 1000 })
})

it('takes listening sockets only', () => {
  const text = [
    head,
    row('0100007F', '5EDA', '01', '1'),
    row('0100007F', '5EDB', '0A', '2'),
    'rubbish',
    '',
  ].join('\n')
  expect([...parseTcpListeners(text).keys()]).toEqual(['2'])
})

it('accepts any input', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseTcpListeners(`${head}\n${text}`)))
  expect(socketInode('socket:[12]')).toBe('12')
  expect(socketInode('pipe:[12]')).toBeNull()
})
