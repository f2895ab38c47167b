// One request of a client on its way to a Serena.
import { idKeyOf, type MessageParts, spanAt, stringIn } from '../mcp/message-parts.ts'

export interface Call {
  /** The client, `c1`. */
  readonly owner: string
  readonly line: Buffer
  readonly parts: MessageParts
  readonly rawId: string
  /** For comparing ids. */
  readonly idKey: string
  readonly method: string
  /** Null: not a tool call. */
  readonly tool: string | null
  /** How often it was sent. */
  attempts: number
  /** When it was sent the last time, by the clock of `Calls`. */
  sentAtMs: number
  /** The client has canceled it or disconnected: its answer is dropped. */
  isAbandoned: boolean
  /** Gives an answer, with the client's own id. `isUncertain`: it may have taken effect all the same. */
  answer(line: Buffer, isUncertain?: boolean): void
  /** Progress of this call, with the client's own token. */
  report(line: Buffer): void
}

/** Returns the call of a request that was not sent yet. `rawId`: its id. `send` gets its answer and its progress. */
export function callOf(
  owner: string,
  line: Buffer,
  parts: MessageParts,
  rawId: string,
  send: (line: Buffer) => void,
): Call {
  return {
    owner,
    line,
    parts,
    rawId,
    idKey: idKeyOf(rawId),
    method: parts.method ?? '',
    tool: parts.method === 'tools/call' ? (stringIn(line, spanAt(line, parts.params, 'name')) ?? '') : null,
    attempts: 0,
    sentAtMs: 0,
    isAbandoned: false,
    answer: send,
    report: send,
  }
}
