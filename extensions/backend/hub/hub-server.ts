// The socket of the hub: reads the hello of each connection and serves a client, an observer or one control action. The kernel decides
// who can connect: the socket is in a folder of this user.
import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { AppError } from '#contract/errors'
import { createLineSplitter } from '../mcp/line-splitter.ts'
import type { ClientPort } from './client-port.ts'
import { hasOwnSocket } from './hub-place.ts'
import { parseHello } from './parse-hello.ts'
import {
  type ClientHello,
  type ControlHello,
  type ControlResult,
  type Hello,
  NOTE_MARK,
  PROTOCOL,
  type Welcome,
} from './protocol.ts'

/** What a served client does with its connection. */
export interface Served {
  receive(line: Buffer): void
  drained(): void
  /** Whether so much of it waits that it is not read for now. */
  isFull(): boolean
  closed(): void
}

export interface ServerDeps {
  socketPath: string
  release: string
  serve(hello: ClientHello, port: ClientPort): Served
  /** Returns a function that ends the observation. */
  observe(send: (line: string) => void): () => void
  control(hello: ControlHello): Promise<ControlResult>
  onFault(error: unknown): void
}

export interface HubServer {
  /** Whether the socket's file is still the one of this server. */
  hasSocket(): boolean
  /** Accepts no further connections; open ones stay. */
  close(): void
}

const MAX_LINE_BYTES = 256 * 1024 * 1024
/** A write costs more memory than the copy of a short line. */
const COPIED_BYTES = 4096
const NEWLINE = Buffer.from('\n')
/** Of a connection without a hello. */
const HELLO_MS = 10_000

/** Listens; only the holder of the hub's lock may call it. Replaces the file of a hub that was killed. AppError `hub-unsafe`. */
export async function startHubServer(deps: ServerDeps): Promise<HubServer> {
  const { socketPath } = deps
  const isFile = process.platform !== 'win32'
  if (isFile && hasOwnSocket(socketPath)) await removeStale(socketPath)
  const server = createServer((socket) => greet(socket, deps))
  await listen(server, socketPath)
  if (isFile) chmodSync(socketPath, 0o600)
  else await restrictAccess(deps)
  const inode = isFile ? lstatSync(socketPath).ino : null
  const hasSocket = (): boolean => !isFile || lstatSync(socketPath, { throwIfNoEntry: false })?.ino === inode
  return {
    hasSocket,
    close() {
      server.close()
      if (isFile && hasSocket()) unlinkSync(socketPath)
    },
  }
}

/** Loaded only on Windows. The name of the pipe is secret: without an access list of its own it is protected by that alone. */
async function restrictAccess({ socketPath, onFault }: ServerDeps): Promise<void> {
  const { restrictPipe } = await import('../os/windows/private-pipe.ts')
  const issue = restrictPipe(socketPath)
  if (issue !== null) onFault(new Error(`the named pipe cannot be restricted to this user: ${issue}`))
}

/** A hub in another network namespace has a lock of its own, but this socket too: it is left alone. AppError `hub-unsafe`. */
async function removeStale(path: string): Promise<void> {
  const isListening = await new Promise<boolean>((resolve) => {
    const socket = connect({ path })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
  if (isListening)
    throw new AppError('hub-unsafe', { path, issue: 'a hub in another network namespace listens on it' })
  unlinkSync(path)
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })

function greet(socket: Socket, deps: ServerDeps): void {
  let receive: ((line: Buffer) => void) | null = null
  const timer = setTimeout(() => socket.destroy(), HELLO_MS)
  // A connection that is reset closes as well.
  socket.on('error', () => undefined)
  socket.once('close', () => clearTimeout(timer))
  const lines = createLineSplitter(
    (line) => {
      if (receive) return receive(line)
      clearTimeout(timer)
      const hello = parseHello(line)
      receive = () => undefined
      if (hello === null) socket.destroy()
      else receive = answer(hello, socket, deps)
    },
    { maxBytes: MAX_LINE_BYTES, onTooLong: () => socket.destroy() },
  )
  socket.on('data', lines.push)
}

/** Answers the hello; returns what receives the next lines. */
function answer(hello: Hello, socket: Socket, deps: ServerDeps): (line: Buffer) => void {
  const own = { protocol: PROTOCOL, release: deps.release, pid: process.pid }
  const say = (value: Welcome | ControlResult): void => void socket.write(`${JSON.stringify(value)}\n`)
  if (hello.protocol < PROTOCOL && hello.kind !== 'control') {
    const why = `The hub runs Serena Deck ${deps.release}, which is not compatible with ${hello.release}.`
    say({
      serenaDeck: 'refused',
      ...own,
      why,
      fix: 'Update Serena Deck in the configuration of this client.',
    })
    socket.end()
    return () => undefined
  }
  say({ serenaDeck: 'welcome', ...own })
  if (hello.kind === 'client') return serveClient(hello, socket, deps)
  if (hello.kind === 'observer') {
    socket.once(
      'close',
      deps.observe((line) => void socket.write(`${line}\n`)),
    )
    return () => undefined
  }
  deps
    .control(hello)
    .catch((error: unknown): ControlResult => ({ done: false, why: String(error) }))
    .then((result) => {
      say(result)
      socket.end()
    }, deps.onFault)
  return () => undefined
}

function serveClient(hello: ClientHello, socket: Socket, deps: ServerDeps): (line: Buffer) => void {
  const port: ClientPort = {
    send(line) {
      if (socket.destroyed) return
      if (line.length < COPIED_BYTES) return void socket.write(Buffer.concat([line, NEWLINE]))
      socket.cork()
      socket.write(line)
      socket.write(NEWLINE)
      process.nextTick(() => socket.uncork())
    },
    unreadBytes: () => socket.writableLength,
    close(note) {
      socket.end(Buffer.concat([Buffer.of(NOTE_MARK), Buffer.from(`${JSON.stringify({ note })}\n`)]))
      socket.destroySoon()
    },
  }
  const served = deps.serve(hello, port)
  socket.on('drain', served.drained)
  socket.once('close', served.closed)
  socket.once('end', () => socket.end())
  return (line) => {
    served.receive(line)
    if (!served.isFull()) return
    socket.pause()
    const timer = setInterval(() => {
      if (served.isFull() && !socket.destroyed) return
      clearInterval(timer)
      socket.resume()
    }, 50)
  }
}
