// Opens a connection to the hub's socket and exchanges the first lines: our hello, the hub's answer.
import { connect, type Socket } from 'node:net'
import { AppError } from '#contract/errors'
import { codeOf } from '../lib/error-code.ts'
import { hasOwnSocket } from './hub-place.ts'
import type { Hello, Welcome } from './protocol.ts'

const NEWLINE = 0x0a
const MAX_ANSWER_BYTES = 64 * 1024

/** No process listens, or it is ending: ENOENT and ECONNREFUSED; EAGAIN is a full queue of new connections. */
const ABSENT: readonly string[] = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAGAIN']

export interface Greeted {
  answer: Welcome
  /** Paused; what follows the answer can be read from it. */
  socket: Socket
}

/**
 * Returns the hub's answer; `absent`: there is no hub, or it is ending; `silent`: it has not answered in time. AppError `hub-unsafe`,
 * `hub-refused`.
 */
export async function greetHub(
  socketPath: string,
  hello: Hello,
  timeoutMs: number,
): Promise<Greeted | 'absent' | 'silent'> {
  if (!hasOwnSocket(socketPath)) return 'absent'
  const socket = await openSocket(socketPath)
  if (socket === null) return 'absent'
  // Fails only with the connection, which the read reports.
  socket.on('error', () => undefined)
  socket.write(`${JSON.stringify(hello)}\n`)
  const line = await readFirstLine(socket, timeoutMs)
  if (line === null) {
    const isOpen = !socket.readableEnded && !socket.destroyed
    socket.destroy()
    return isOpen ? 'silent' : 'absent'
  }
  const answer = welcomeOf(line)
  if (answer !== null) return { answer, socket }
  socket.destroy()
  throw new AppError('hub-refused', {
    why: `The program at ${socketPath} did not answer like a hub.`,
    fix: 'Stop that program, or set SERENA_DECK_STATE to another folder.',
  })
}

function openSocket(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error) => {
      if (ABSENT.includes(codeOf(error))) resolve(null)
      else if (codeOf(error) === 'EACCES')
        reject(new AppError('hub-unsafe', { path, issue: 'permission denied' }, { cause: error }))
      else reject(error)
    })
  })
}

/** Returns the first line and leaves the socket paused with all that follows; null: it was closed before, or it took too long. */
export function readFirstLine(socket: Socket, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    const timer = setTimeout(() => finish(null), timeoutMs)
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk])
      const end = bytes.indexOf(NEWLINE)
      if (end < 0) {
        if (bytes.length > MAX_ANSWER_BYTES) finish(null)
        return
      }
      socket.pause()
      const rest = bytes.subarray(end + 1)
      const line = bytes.toString('utf8', 0, end)
      finish(line)
      if (rest.length > 0) socket.unshift(rest)
    }
    const leave = (): void => finish(null)
    const finish = (line: string | null): void => {
      clearTimeout(timer)
      socket.off('data', take).off('close', leave).off('end', leave)
      resolve(line)
    }
    socket.on('data', take).once('close', leave).once('end', leave)
    socket.resume()
  })
}

/** Parses the hub's answer; null: it is none. */
function welcomeOf(line: string): Welcome | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('serenaDeck' in value)) return null
    const answer = value as Welcome
    return (answer.serenaDeck === 'welcome' || answer.serenaDeck === 'refused') &&
      typeof answer.protocol === 'number'
      ? answer
      : null
  } catch {
    // Not JSON.
    return null
  }
}
