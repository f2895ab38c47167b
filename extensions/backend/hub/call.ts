// One request of a client on its way to a Serena.
import type { MessageParts } from '../mcp/message-parts.ts'

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
