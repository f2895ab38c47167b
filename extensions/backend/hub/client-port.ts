// The connection of the hub to one client, whatever carries it: the socket of a `connect` process, or a session over HTTP.
import type { Note } from './protocol.ts'

export interface ClientPort {
  /** Sends one message, without a newline. */
  send(line: Buffer): void
  /** Bytes that were sent and that the client has not read yet. */
  unreadBytes(): number
  close(note: Note['note']): void
}

/** A client with this much unread gets no further calls served. */
export const SLOW_BYTES = 1024 * 1024
/** With more than `SLOW_BYTES` unread, an answer that would exceed this is replaced by an error: a client that does not read must not fill the memory of all. */
export const MOST_UNREAD_BYTES = 16 * 1024 * 1024
