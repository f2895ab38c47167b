// Where a listener is asked, and which other socket would take that connection.
import { expect, it } from 'vitest'
import { connectAddress, endpointText, isLoopback, isShadowed } from './network-address.ts'

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.2', '127.0.0.2'],
  ['192.168.1.4', '192.168.1.4'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
  ['::1', '::1'],
  ['::ffff:127.0.0.3', '127.0.0.3'],
  ['::ffff:0.0.0.0', '127.0.0.1'],
])('a listener on %s is asked at %s', (address, asked) => {
  expect(connectAddress(address)).toBe(asked)
})

it('writes an endpoint with brackets around an IPv6 address', () => {
  expect(endpointText('127.0.0.2', 24_282)).toBe('127.0.0.2:24282')
  expect(endpointText('::1', 24_282)).toBe('[::1]:24282')
})

it('knows loopback addresses', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
  expect(['0.0.0.0', '::', '192.168.1.4', '::ffff:10.0.0.1'].some(isLoopback)).toBe(false)
})

it.each([
  ['0.0.0.0', '127.0.0.1', true],
  ['0.0.0.0', '::ffff:127.0.0.1', true],
  ['0.0.0.0', '0.0.0.0', true],
  ['0.0.0.0', '127.0.0.2', false],
  ['0.0.0.0', '::1', false],
  ['0.0.0.0', '::', false],
  ['::', '::1', true],
  ['::', '127.0.0.1', false],
  ['127.0.0.1', '0.0.0.0', false],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.2', '127.0.0.1', false],
])('a listener on %s beside one on %s with the same port: shadowed %s', (address, other, expected) => {
  const one = { address, port: 24_282, socket: '1' }
  const beside = { address: other, port: 24_282, socket: '2' }
  expect(isShadowed(one, [one, beside])).toBe(expected)
  expect(isShadowed(one, [one, { ...beside, port: 24_283 }])).toBe(false)
})
