// One client of the hub: reads its messages, and passes them to the Serena of its place.
import {
  errorLine,
  INTERNAL_ERROR,
  isToolError,
  METHOD_NOT_FOUND,
  resultLine,
  toolErrorLine,
} from '../mcp/answers.ts'
import { clientName } from '../mcp/initialize.ts'
import { splice } from '../mcp/json-spans.ts'
import { idKeyOf, type MessageParts, partsOf, spanAt, stringIn } from '../mcp/message-parts.ts'
import { isReadableMessage } from '../mcp/readable-message.ts'
import type { Call } from './call.ts'
import { type CallCounter, createCallCounter } from './call-counter.ts'
import { type ClientPort, MOST_UNREAD_BYTES, SLOW_BYTES } from './client-port.ts'
import type { Member } from './member.ts'
import { placeAfter } from './place-change.ts'
import type { ClientHello, Note } from './protocol.ts'
import { type Place, START_PLACE } from './serena-spec.ts'
import type { SharedSerena } from './shared-serena.ts'

/** The part of the hub that a session needs. */
export interface SessionDeps {
  /** Returns the Serena of a place, and makes this client its member in place of the one before. */
  move(member: Member, place: Place, from: SharedSerena | null): SharedSerena
  onChange(): void
  /** A message of this size has passed. */
  used(bytes: number): void
}

export interface Session extends Member {
  readonly hello: ClientHello
  readonly connectedAtMs: number
  /** By the wall clock; null: no tool was called. */
  lastCallAtMs(): number | null
  readonly counter: Pick<CallCounter, 'all' | 'recent'>
  name(): string | null
  serena(): SharedSerena
  receive(line: Buffer): void
  /** It reads its answers again. */
  drained(): void
  disconnect(note: Note['note']): void
  /** Its connection is closed: requests of Serena that it has not answered get an error. */
  closed(): void
}

/** As Serena says it. */
const notInitializedLine = (rawId: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":${rawId},"error":{"code":-32602,"message":"Invalid request parameters","data":""}}`,
  )
const UNREAD =
  'The answer was dropped: this client has 16 MiB of answers unread. The call has taken effect; repeat it with a smaller answer.'

const NOT_READING = 'The client does not read its messages.'
const CLOSED = 'The client has disconnected.'

/** Creates the session of a client that has said hello. */
export function createSession(id: string, hello: ClientHello, port: ClientPort, deps: SessionDeps): Session {
  const connectedAtMs = Date.now()
  /** Requests of Serena that this client has not answered. */
  const asked = new Map<string, { rawId: string; answer: (line: Buffer) => void }>()
  let place: Place = START_PLACE
  let name: string | null = null
  let initializeLine: Buffer | null = null
  let lastCallAtMs: number | null = null
  const counter = createCallCounter()
  let askCount = 0

  /** Whether it would fill the memory. A message of any size passes while the client reads. */
  function isTooMuch(line: Buffer): boolean {
    const unread = port.unreadBytes()
    return unread >= SLOW_BYTES && unread + line.length > MOST_UNREAD_BYTES
  }

  function send(line: Buffer): void {
    deps.used(line.length)
    if (!isTooMuch(line)) return port.send(line)
    const parts = partsOf(line)
    // A notification is dropped.
    if (parts?.kind !== 'answer' || parts.rawId === null) return
    port.send(
      parts.result === null || spanAt(line, parts.result, 'content') === null
        ? errorLine(parts.rawId, INTERNAL_ERROR, UNREAD)
        : toolErrorLine(parts.rawId, UNREAD),
    )
  }

  const member: Member = {
    id,
    isReady: () => initializeLine !== null,
    initializeLine: () => initializeLine,
    send,
    unreadBytes: port.unreadBytes,
    ask(line, answer) {
      const parts = partsOf(line)
      if (!parts?.id || parts.rawId === null) return
      if (isTooMuch(line)) return answer(errorLine(parts.rawId, INTERNAL_ERROR, NOT_READING))
      // Two Serenas of one client may use equal ids.
      const ownId = String(++askCount)
      asked.set(ownId, { rawId: parts.rawId, answer })
      send(splice(line, parts.id, ownId))
    },
  }
  let serena = deps.move(member, place, null)
  /** All that may still have calls of it. */
  const visited = new Set([serena])

  function moveTo(next: Place): void {
    place = next
    serena = deps.move(member, place, serena)
    visited.add(serena)
  }

  function callOf(line: Buffer, parts: MessageParts, rawId: string): Call {
    return {
      owner: id,
      line,
      parts,
      rawId,
      idKey: idKeyOf(rawId),
      method: parts.method ?? '',
      tool: parts.method === 'tools/call' ? toolName(line, parts) : null,
      attempts: 0,
      sentAtMs: 0,
      isAbandoned: false,
      answer: send,
      report: send,
    }
  }

  function call(line: Buffer, parts: MessageParts, rawId: string): void {
    const one = callOf(line, parts, rawId)
    if (one.tool === null) return serena.submit(one)
    lastCallAtMs = Date.now()
    counter.add(performance.now())
    const next = serena.mayHaveTool(one.tool) ? placeAfter(one, place, serena.spec) : null
    if (next === null) return serena.submit(one)
    const before = place
    moveTo(next)
    serena.submit({
      ...one,
      answer(answer, isUncertain) {
        send(answer)
        // It has failed: the client stays where it was.
        if (!isUncertain && isToolError(answer) && place === next) moveTo(before)
      },
    })
  }

  function request(line: Buffer, parts: MessageParts, rawId: string): void {
    if (parts.method === 'ping') return send(resultLine(rawId, '{}'))
    if (parts.method === 'server/discover')
      return send(errorLine(rawId, METHOD_NOT_FOUND, 'Method not found'))
    if (parts.method === 'initialize') {
      name = clientName(line)
      initializeLine = line
      // A client that continues needs no Serena before its next call: after the loss of a hub not all start at once.
      serena.initialize(member, line, rawId, !hello.isResumed)
      return deps.onChange()
    }
    if (initializeLine === null) return send(notInitializedLine(rawId))
    call(line, parts, rawId)
    deps.onChange()
  }

  function notification(line: Buffer, parts: MessageParts): void {
    if (parts.method === 'notifications/initialized') return
    if (parts.method !== 'notifications/cancelled') return serena.notify(line)
    for (const one of visited) one.cancel(member, line, parts)
  }

  function answered(line: Buffer, { id: span, rawId }: MessageParts): void {
    const request = asked.get(rawId ?? '')
    asked.delete(rawId ?? '')
    if (span && request) request.answer(splice(line, span, request.rawId))
  }

  return {
    ...member,
    hello,
    connectedAtMs,
    lastCallAtMs: () => lastCallAtMs,
    counter,
    name: () => name,
    serena: () => serena,
    receive(line) {
      deps.used(line.length)
      const parts = partsOf(line)
      // As Serena does: what is not a message is ignored, without an answer.
      if (parts === null || !isReadableMessage(line)) return
      if (parts.kind === 'answer') answered(line, parts)
      else if (parts.rawId === null) notification(line, parts)
      else if (isId(parts.rawId)) request(line, parts, parts.rawId)
    },
    drained: () => serena.resume(),
    disconnect: port.close,
    closed() {
      for (const { rawId, answer } of asked.values()) answer(errorLine(rawId, INTERNAL_ERROR, CLOSED))
      asked.clear()
    },
  }
}

/** A string or a whole number: other ids have no answer. */
const isId = (rawId: string): boolean => /^("|-?\d+$)/.test(rawId)

function toolName(line: Buffer, { params }: MessageParts): string {
  return stringIn(line, spanAt(line, params, 'name')) ?? ''
}
