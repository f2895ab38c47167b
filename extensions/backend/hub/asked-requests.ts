// The requests of Serenas to one client, which it has not answered yet.
import { errorLine, INTERNAL_ERROR } from '../mcp/answers.ts'
import { splice } from '../mcp/json-spans.ts'
import { type MessageParts, partsOf } from '../mcp/message-parts.ts'
import type { ClientOutput } from './client-output.ts'

export interface AskedRequests {
  /** Sends a request under an id of its own; `answer` gets the client's answer with the id of Serena. */
  ask(line: Buffer, answer: (line: Buffer) => void): void
  /** The client has answered. */
  settle(line: Buffer, parts: MessageParts): void
  /** The client has disconnected: all get an error. */
  close(): void
}

const NOT_READING = 'The client does not read its messages.'
const CLOSED = 'The client has disconnected.'

/** Creates the requests to one client. */
export function createAskedRequests({ send, isTooMuch }: ClientOutput): AskedRequests {
  const asked = new Map<string, { rawId: string; answer: (line: Buffer) => void }>()
  let count = 0

  return {
    ask(line, answer) {
      const parts = partsOf(line)
      if (!parts?.id || parts.rawId === null) return
      if (isTooMuch(line)) return answer(errorLine(parts.rawId, INTERNAL_ERROR, NOT_READING))
      // Two Serenas of one client may use equal ids.
      const ownId = String(++count)
      asked.set(ownId, { rawId: parts.rawId, answer })
      send(splice(line, parts.id, ownId))
    },
    settle(line, { id, rawId }) {
      const request = asked.get(rawId ?? '')
      asked.delete(rawId ?? '')
      if (id && request) request.answer(splice(line, id, request.rawId))
    },
    close() {
      for (const { rawId, answer } of asked.values()) answer(errorLine(rawId, INTERNAL_ERROR, CLOSED))
      asked.clear()
    },
  }
}
