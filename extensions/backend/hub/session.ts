// One client of the hub: reads its messages, and passes them to the Serena of its place.
import { errorLine, METHOD_NOT_FOUND, resultLine } from '../mcp/answers.ts'
import { clientName } from '../mcp/initialize.ts'
import { type MessageParts, partsOf } from '../mcp/message-parts.ts'
import { isReadableMessage } from '../mcp/readable-message.ts'
import { createAskedRequests } from './asked-requests.ts'
import { callOf } from './call.ts'
import { type CallCounter, createCallCounter } from './call-counter.ts'
import { createClientOutput } from './client-output.ts'
import { createClientPlace, type Move } from './client-place.ts'
import type { ClientPort } from './client-port.ts'
import type { Member } from './member.ts'
import type { ClientHello, Note } from './protocol.ts'
import type { SharedSerena } from './shared-serena.ts'

/** The part of the hub that a session needs. */
export interface SessionDeps {
  move: Move
  /** It has initialized. */
  onChange(): void
  /** It has sent another request. */
  onRequest(): void
  /** A message of this size has passed. */
  used(bytes: number): void
}

export interface Session extends Member {
  readonly hello: ClientHello
  readonly connectedAtMs: number
  readonly counter: Omit<CallCounter, 'add'>
  name(): string | null
  serena(): SharedSerena
  receive(line: Buffer): void
  /** It reads its answers again. */
  drained(): void
  disconnect(note: Note['note']): void
  /** Its connection is closed: requests of Serena that it has not answered get an error. */
  closed(): void
}

/** Creates the session of a client that has said hello. */
export function createSession(id: string, hello: ClientHello, port: ClientPort, deps: SessionDeps): Session {
  const output = createClientOutput(port, deps.used)
  const asked = createAskedRequests(output)
  const counter = createCallCounter()
  let initializeLine: Buffer | null = null
  const member: Member = {
    id,
    isReady: () => initializeLine !== null,
    initializeLine: () => initializeLine,
    send: output.send,
    unreadBytes: port.unreadBytes,
    ask: asked.ask,
  }
  const place = createClientPlace(member, deps.move)

  function request(line: Buffer, parts: MessageParts, rawId: string): void {
    const answer = hubAnswer(parts.method, rawId, member.isReady())
    if (answer) return output.send(answer)
    if (parts.method === 'initialize') {
      initializeLine = line
      // A client that continues needs no Serena before its next call: after the loss of a hub not all start at once.
      place.serena().initialize(member, line, rawId, !hello.isResumed)
      deps.onChange()
    } else {
      const call = callOf(id, line, parts, rawId, output.send)
      if (call.tool !== null) counter.add(performance.now(), Date.now())
      place.submit(call)
      deps.onRequest()
    }
  }

  function notification(line: Buffer, parts: MessageParts): void {
    if (parts.method === 'notifications/cancelled') place.cancel(line, parts)
    else if (parts.method !== 'notifications/initialized') place.serena().notify(line)
  }

  return {
    ...member,
    hello,
    connectedAtMs: Date.now(),
    counter,
    name: () => initializeLine && clientName(initializeLine),
    serena: place.serena,
    receive(line) {
      deps.used(line.length)
      const parts = partsOf(line)
      // As Serena does: what is not a message is ignored, without an answer.
      if (parts === null || !isReadableMessage(line)) return
      if (parts.kind === 'answer') asked.settle(line, parts)
      else if (parts.rawId === null) notification(line, parts)
      else if (isId(parts.rawId)) request(line, parts, parts.rawId)
    },
    drained: () => place.serena().resume(),
    disconnect: port.close,
    closed: asked.close,
  }
}

/** A string or a whole number: other ids have no answer. */
const isId = (rawId: string): boolean => /^("|-?\d+$)/.test(rawId)

/** Returns what the hub answers in place of Serena; null: nothing. `isReady`: the client has initialized. */
function hubAnswer(method: string | null, rawId: string, isReady: boolean): Buffer | null {
  if (method === 'ping') return resultLine(rawId, '{}')
  if (method === 'server/discover') return errorLine(rawId, METHOD_NOT_FOUND, 'Method not found')
  return isReady || method === 'initialize' ? null : notInitializedLine(rawId)
}

/** As Serena says it. */
const notInitializedLine = (rawId: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":${rawId},"error":{"code":-32602,"message":"Invalid request parameters","data":""}}`,
  )
