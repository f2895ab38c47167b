// What `connect` remembers of the session between its client and the hub, so that another hub can continue it: the client's
// `initialize`, and the requests in flight. A tool call that may have reached a hub is never sent again. Pure.
import { idKeyOf, type MessageParts, partsOf, spanAt } from '../mcp/message-parts.ts'
import { createHandshake } from './handshake.ts'
import { failureAnswer, LOST_REQUEST, lostCallAnswer } from './lost-answers.ts'

/** A request that ends each hub that gets it is given up. */
const MAX_RESENDS = 2

interface InFlight {
  rawId: string
  method: string
  /** Null: a tool call that was sent. */
  line: Buffer | null
  resends: number
}

export interface Outgoing {
  line: Buffer
  /** Call it when the line has left this process completely. */
  onSent(): void
}

export interface ClientSession {
  /** Records a line of the client when it is written to a hub. */
  fromClient(line: Buffer): Outgoing
  /** Records a line of the hub; false: it is not for the client. */
  fromHub(line: Buffer): boolean
  /** The connection to the hub is lost: returns the answers to the calls that cannot be sent again. */
  takeLost(): readonly Buffer[]
  /** Returns the lines with which the next hub continues this session. */
  resumeLines(): readonly Outgoing[]
  /** Returns an error for each request in flight, and forgets them. */
  takeFailed(why: string): readonly Buffer[]
  hasInFlight(): boolean
  isInitializeAnswered(): boolean
}

const plain = (line: Buffer): Outgoing => ({ line, onSent: () => undefined })
/** Once a tool call has left, it is not kept: it can be large, and is never sent again. */
const outgoing = (request: InFlight, line: Buffer): Outgoing => ({
  line,
  onSent() {
    if (request.method === 'tools/call') request.line = null
  },
})

/** Creates the session of a client that has sent nothing. */
export function createClientSession(): ClientSession {
  const inFlight = new Map<string, InFlight>()
  const handshake = createHandshake()

  return {
    fromClient(line) {
      const parts = partsOf(line)
      const method = parts?.method ?? null
      if (parts === null || method === null) return plain(line)
      if (parts.kind === 'request' && parts.rawId !== null) {
        const request: InFlight = { rawId: parts.rawId, method, line, resends: 0 }
        const key = idKeyOf(parts.rawId)
        inFlight.set(key, request)
        if (method === 'initialize') handshake.initialize(line, key)
        return outgoing(request, line)
      }
      if (method === 'notifications/initialized') handshake.initialized(line)
      if (method === 'notifications/cancelled') inFlight.delete(cancelledKey(line, parts))
      return plain(line)
    },
    fromHub(line) {
      const parts = partsOf(line)
      if (parts?.kind !== 'answer' || parts.rawId === null) return true
      const key = idKeyOf(parts.rawId)
      if (handshake.takesAnswer(key)) return false
      if (inFlight.delete(key)) handshake.answered(key, parts.result !== null)
      return true
    },
    takeLost() {
      handshake.forgetReplays()
      const lost = [...inFlight.entries()].filter(([, request]) => !canResend(request))
      for (const [key] of lost) inFlight.delete(key)
      return lost.map(([, { rawId, method, line }]) =>
        line === null ? lostCallAnswer(rawId) : failureAnswer(rawId, method, LOST_REQUEST),
      )
    },
    resumeLines() {
      const lines = handshake.replay().map(plain)
      for (const request of inFlight.values()) {
        if (request.line === null) continue
        lines.push(outgoing(request, request.line))
        if (request.method === 'initialize') lines.push(...handshake.following().map(plain))
      }
      return lines
    },
    takeFailed(why) {
      const failed = [...inFlight.values()]
      inFlight.clear()
      return failed.map(({ rawId, method, line }) =>
        line === null ? lostCallAnswer(rawId) : failureAnswer(rawId, method, why),
      )
    },
    hasInFlight: () => inFlight.size > 0,
    isInitializeAnswered: handshake.isAnswered,
  }
}

/** Counts the loss of a request. */
function canResend(request: InFlight): boolean {
  request.resends++
  return request.line !== null && request.resends <= MAX_RESENDS
}

/** Returns the key of the request that the client cancels; empty: it names none. */
function cancelledKey(line: Buffer, { params }: MessageParts): string {
  const id = spanAt(line, params, 'requestId')
  return id === null ? '' : idKeyOf(line.toString('utf8', id[0], id[1]))
}
