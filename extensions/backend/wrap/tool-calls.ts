// Tracks the tool calls between a client and its Serena in both directions of their connection (MCP over stdio: one JSON-RPC message per
// line). Only they count as use: clients also send pings and list requests while they are idle. Pure.

import { createLineSplitter } from '../mcp/line-splitter.ts'
import { valueAt } from './value-at.ts'

const NEWLINE = 0x0a
/** Longer lines are not kept. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

export interface ToolCalls {
  fromClient(bytes: Buffer): void
  fromServer(bytes: Buffer): void
  /** Time of the last tool call, by the given clock; null: a call is running, or the server has not answered anything yet. */
  idleSinceMs(): number | null
}

/** Creates a tracker without a running call; `now` is monotonic milliseconds. */
export function createToolCalls(now: () => number): ToolCalls {
  /** Running calls by id: a client may use one id twice. */
  const running = new Map<string, number>()
  let lastMs = now()
  /** A Serena that starts slowly is not idle: its idle time begins with its first answer, which is that to `initialize`. */
  let hasAnswered = false
  const touch = (): void => {
    lastMs = now()
  }
  const finish = (id: unknown): void => {
    const key = keyOf(id)
    const count = running.get(key)
    if (count === undefined) return
    if (count > 1) running.set(key, count - 1)
    else running.delete(key)
    touch()
  }
  const client = createLineSplitter(fromClient, { maxBytes: MAX_LINE_BYTES, onTooLong: touch })
  const server = createLineSplitter(fromServer, { maxBytes: MAX_LINE_BYTES, onTooLong: () => undefined })

  function fromClient(line: Buffer): void {
    const messages = messagesIn(line)
    // An unreadable line may have been a call.
    if (messages === null) return touch()
    for (const { method, id, params } of messages) {
      if (method === 'notifications/cancelled') finish(valueAt(params, 'requestId'))
      if (method !== 'tools/call') continue
      touch()
      // Without an id, or with null, there is no answer.
      if (id !== undefined && id !== null) running.set(keyOf(id), (running.get(keyOf(id)) ?? 0) + 1)
    }
  }
  function fromServer(line: Buffer): void {
    for (const message of messagesIn(line) ?? []) {
      if (!('result' in message || 'error' in message)) continue
      if (!hasAnswered) touch()
      hasAnswered = true
      finish(message.id)
    }
  }
  return {
    fromClient(bytes) {
      client.push(bytes)
      // The end of a large call may arrive much later.
      if (bytes.at(-1) !== NEWLINE) touch()
    },
    fromServer(bytes) {
      // Answers can be large: after the first one they are parsed only while a call is running.
      if (!hasAnswered || running.size > 0) server.push(bytes)
      else server.rest()
    },
    idleSinceMs: () => (!hasAnswered || running.size > 0 ? null : lastMs),
  }
}

interface Message {
  method?: unknown
  id?: unknown
  params?: unknown
}

/** 1 and "1" are different ids. */
const keyOf = (id: unknown): string => String(JSON.stringify(id))

/** One message, or those of a batch (allowed until 2025-03-26); null: not a message. */
function messagesIn(line: Buffer): readonly Message[] | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    const messages: readonly unknown[] = Array.isArray(value) ? value : [value]
    return messages.filter((one): one is Message => typeof one === 'object' && one !== null)
  } catch {
    // Not JSON, or only the end of a message.
    return null
  }
}
