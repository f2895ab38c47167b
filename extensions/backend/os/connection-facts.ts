// What a platform can say about the stdio connection between a Serena and its client: plain data.
import type { ProcessIdentity } from './process-identity.ts'

/** The visible process at the other end of an MCP connection. */
export interface ConnectionHolder {
  pid: number
  identity: ProcessIdentity | null
  name: string
  /** It is an ancestor of the instance. */
  isAncestor: boolean
  /** It reads the output and writes the input, as a client does; a process that inherited one end has that one only. */
  hasBothEnds: boolean
}

/** What the stdio connection of an instance says about its client. */
export interface ConnectionFacts {
  /**
   * `closed`: the MCP output has no reader any more; `open`: it has one, visible or not; `not-applicable`: there is no connection
   * that could be judged (a terminal, a file, a named pipe); `unknown`: it could not be read, which never counts as closed.
   */
  clientEnd: 'open' | 'closed' | 'unknown' | 'not-applicable'
  /** The kernel says so, for every reader on the machine; absent: it is inferred from what is visible. */
  isProven?: boolean
  /** The input has no writer any more, although the output has a reader. */
  isInputClosed?: boolean
  /** The process that reads the output; null: none is visible, which does not mean that there is none. Absent: not read. */
  holder?: ConnectionHolder | null
  /** The ancestors that share the connection, and all between them and the instance: they only pass it on. */
  launchers?: readonly ProcessIdentity[]
  /** Plain sentences. */
  evidence: readonly string[]
}

/** What is remembered of the connection of an instance: the launchers that pass it on, and the process at the other end. */
export interface ConnectionHint {
  launchers: ReadonlySet<ProcessIdentity>
  /** Null: not visible. */
  client: ProcessIdentity | null
}
export type ConnectionHints = ReadonlyMap<ProcessIdentity, ConnectionHint>
