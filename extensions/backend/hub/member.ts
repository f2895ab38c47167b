// A client of a Serena, as that Serena sees it.

export interface Member {
  readonly id: string
  /** Whether its `initialize` was answered. */
  isReady(): boolean
  /** Its request of `initialize`; null: not received yet. */
  initializeLine(): Buffer | null
  send(line: Buffer): void
  unreadBytes(): number
  /** Passes on a request of Serena; `answer` gets the client's answer with Serena's own id. */
  ask(line: Buffer, answer: (line: Buffer) => void): void
}
