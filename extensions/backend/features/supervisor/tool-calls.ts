// Which tool calls run between a client and its Serena, heard from the two directions of their wire (MCP over stdio: one JSON-RPC
// message a line). Nothing else counts as use: clients ping and ask for lists while nobody works. Pure.

import { valueAt } from './value-at.ts'

const NEWLINE = 0x0a
/** Nothing that is longer is kept. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

export interface ToolCalls {
  fromClient(bytes: Buffer): void
  fromServer(bytes: Buffer): void
  /** Since when nobody has called a tool, by the clock given; null: a call runs. */
  idleSinceMs(): number | null
}

/** A listener that begins with nobody calling; `now` is monotonic milliseconds. */
export function createToolCalls(now: () => number): ToolCalls {
  /** By id, how many: a client may use one id twice. */
  const running = new Map<string, number>()
  let lastMs = now()
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
  const client = createLines((line) => {
    const messages = messagesIn(line)
    // What cannot be read may have been a call.
    if (messages === null) return touch()
    for (const { method, id, params } of messages) {
      if (method === 'notifications/cancelled') finish(valueAt(params, 'requestId'))
      if (method !== 'tools/call') continue
      touch()
      // Without an id nobody is answered; null is none.
      if (id !== undefined && id !== null) running.set(keyOf(id), (running.get(keyOf(id)) ?? 0) + 1)
    }
  })
  const server = createLines((line) => {
    for (const message of messagesIn(line) ?? [])
      if ('result' in message || 'error' in message) finish(message.id)
  })
  return {
    fromClient(bytes) {
      client.push(bytes)
      // Of a large call the end may come much later.
      if (bytes.at(-1) !== NEWLINE) touch()
    },
    fromServer(bytes) {
      // Its answers can be large: they are looked at only while one is waited for.
      if (running.size > 0) server.push(bytes)
      else server.reset()
    },
    idleSinceMs: () => (running.size > 0 ? null : lastMs),
  }
}

interface Message {
  method?: unknown
  id?: unknown
  params?: unknown
}

/** 1 and "1" are two ids. */
const keyOf = (id: unknown): string => String(JSON.stringify(id))

/** One message, or those of a batch (allowed until 2025-03-26); null: it is none. */
function messagesIn(line: Buffer | null): readonly Message[] | null {
  try {
    const value: unknown = JSON.parse(line?.toString('utf8') ?? '')
    const messages: readonly unknown[] = Array.isArray(value) ? value : [value]
    return messages.filter((one): one is Message => typeof one === 'object' && one !== null)
  } catch {
    // No JSON, or only the end of a message.
    return null
  }
}

/** Whole lines out of chunks; null: one that was too long. */
function createLines(onLine: (line: Buffer | null) => void): {
  push(chunk: Buffer): void
  reset(): void
} {
  let parts: Buffer[] = []
  let bytes = 0
  const add = (part: Buffer): void => {
    bytes += part.length
    if (bytes > MAX_LINE_BYTES) parts = []
    else parts.push(part)
  }
  const reset = (): void => {
    parts = []
    bytes = 0
  }
  return {
    push(chunk) {
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, end))
        const line = bytes > MAX_LINE_BYTES ? null : Buffer.concat(parts)
        reset()
        onLine(line)
        from = end + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
    },
    reset,
  }
}
