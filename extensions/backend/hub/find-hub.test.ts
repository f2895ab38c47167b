// Finding a hub that misbehaves. The real start of hubs is in test/contract/connect-start.test.ts.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findHub } from './find-hub.ts'
import { type HubPlace, prepareHubPlace } from './hub-place.ts'
import { type ClientHello, NO_FLAGS } from './protocol.ts'

const HELLO: ClientHello = {
  serenaDeck: 'hello',
  protocol: 1,
  release: '1.0.0',
  pid: 1,
  kind: 'client',
  parentPid: 1,
  cwd: '/',
  command: ['serena'],
  env: {},
  flags: NO_FLAGS,
  isResumed: false,
}
const WELCOME = '{"serenaDeck":"welcome","protocol":1,"release":"1.0.0","pid":2}\n'

let state = ''
let place: HubPlace
let server: Server | null = null
const sockets: Socket[] = []

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'find-hub-'))
  place = prepareHubPlace(state)
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
  server = null
  rmSync(state, { recursive: true })
})

function listen(onConnection: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  return new Promise((resolve) => server?.listen(place.socket, resolve))
}
/** A hub that is started fails at once: a test sees that none was started. */
const find = (limitMs: number): Promise<Socket> =>
  findHub({ place, hello: HELLO, env: {}, command: [join(state, 'no-such-program')], limitMs })

it('keeps what follows the answer', async () => {
  await listen((socket) => socket.write(`${WELCOME}{"jsonrpc":"2.0"}\nhalf`))
  const socket = await find(5_000)
  sockets.push(socket)
  const text = await new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(String(chunk))).resume()
  })
  expect(text).toBe('{"jsonrpc":"2.0"}\nhalf')
})

it('reports a hub that does not answer, and starts no other', async () => {
  await listen(() => undefined)
  await expect(find(300)).rejects.toMatchObject({ code: 'hub-silent' })
})

it('connects again when the hub closes the connection before its answer', async () => {
  let count = 0
  await listen((socket) => {
    count++
    if (count < 2) socket.destroy()
    else socket.write(WELCOME)
  })
  sockets.push(await find(5_000))
  expect(count).toBe(2)
})

it.each(['hello\n', '{"serenaDeck":"welcome"}\n', 'x'.repeat(70_000)])(
  'refuses another program: %#',
  async (text) => {
    await listen((socket) => socket.write(text))
    await expect(find(2_000)).rejects.toMatchObject({
      code: text.includes('\n') ? 'hub-refused' : 'hub-silent',
    })
  },
)

it('reports a hub that cannot be started', async () => {
  await expect(find(5_000)).rejects.toThrow(
    `The hub did not start: ${join(state, 'no-such-program')} cannot be started (ENOENT).`,
  )
})
