// What is known about the client of an instance: plain data.

import type { ConnectionFacts } from '../os/connection-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'

/** Something that was seen at consecutive scans. */
export interface Sighting {
  /** Monotonic time of the first scan. */
  sinceMs: number
  /** The number of scans. */
  scans: number
  /** Milliseconds from the first scan to the last. */
  spanMs: number
}

/** What is remembered about an instance's client, and the current state of its connection. */
export interface ClientFacts {
  connection: ConnectionFacts
  /** Its MCP output has no reader; null: it has one. */
  closed: Sighting | null
  /** Its input has no writer while its output has a reader; null: it has one. */
  inputClosed: Sighting | null
  /** The client that was seen at the other end has exited; null: it is running, or no client was seen. */
  exited: Sighting | null
  /** A process of the chain at the first scan that has exited, the client before launchers; null: none has. */
  exitedProcess: { pid: number; name: string; isClient: boolean } | null
}

/** The client of an instance, for comparisons. */
export interface ClientMark {
  /** The client's identity; for a wrapper of one instance, that of its parent. */
  key: ProcessIdentity
  /** The app that an agent runs in, such as an editor's extension host; null: none is known. */
  hostKey: ProcessIdentity | null
  /** It is a known MCP client; else it is a shell or a script. */
  isKnown: boolean
  /** `Claude Desktop`, `VS Code`, `bash`. */
  program: string
  /** One process serves several windows or sessions, each with an instance. */
  hasManyWindows?: boolean
  /** `Claude Code in ~/shop, terminal 3`. */
  label: string
}
