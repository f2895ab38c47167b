// Where messages to an HTTP client go.

/** The response to a request. */
export interface Reply {
  /** Sends a message before the answer. */
  message(line: Buffer): void
  /** Sends the last message. `status`: of HTTP, when it is the first one, too. */
  answer(line: Buffer, status?: number): void
  /** Ends it without an answer. */
  end(): void
  /** Whether messages before the answer can be sent. */
  hasEvents: boolean
  unreadBytes(): number
}

/** An open event stream for what belongs to no request. */
export type Listener = Pick<Reply, 'message' | 'end' | 'unreadBytes'>
