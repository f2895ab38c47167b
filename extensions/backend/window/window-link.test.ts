import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Handshake } from '#contract/window'
import { openWindowLink } from './window-link.ts'

/** RFC 6455, 4.2.2. */
const acceptOf = (key: unknown): string =>
  createHash('sha1')
    .update(`${String(key)}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')

const handshakeOf = (port: number): Handshake => ({
  nlPort: String(port),
  nlToken: 'a.b',
  nlConnectToken: 'c',
  nlExtensionId: 'io.serena-deck.backend',
})

test('rejects when no window listens on that port', async () => {
  const window = createServer()
  await new Promise<void>((resolve) => window.listen(0, '127.0.0.1', resolve))
  const { port } = window.address() as AddressInfo
  await new Promise((resolve) => window.close(resolve))
  await expect(openWindowLink(handshakeOf(port), () => undefined)).rejects.toThrow(
    /^The window could not be reached: .*ECONNREFUSED/,
  )
})

test('cuts the connection to a window that does not answer the close within a second', async () => {
  const window = createServer()
  window.on('upgrade', ({ headers }, socket) => {
    socket.on('error', () => undefined)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(headers['sec-websocket-key'])}\r\n\r\n`,
    )
  })
  await new Promise<void>((resolve) => window.listen(0, '127.0.0.1', resolve))
  const { port } = window.address() as AddressInfo
  const link = await openWindowLink(handshakeOf(port), () => undefined)
  link.close()
  await link.closed
  window.close()
  expect(link.origin).toBe(`http://127.0.0.1:${port}`)
}, 4_000)
