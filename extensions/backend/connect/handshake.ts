// The beginning of a client's session, kept as the client wrote it, so that another hub can be given the same one. Pure.
import { partsOf } from '../mcp/message-parts.ts'

export interface Handshake {
  /** Records the client's `initialize`; the last one counts. */
  initialize(line: Buffer, key: string): void
  /** Records the client's `notifications/initialized`. */
  initialized(line: Buffer): void
  /** Records an answer that the client gets. */
  answered(key: string, isResult: boolean): void
  /** Whether it answers an `initialize` of ours, of which the client knows nothing. */
  takesAnswer(key: string): boolean
  /** The hub is lost: it answers nothing more. */
  forgetReplays(): void
  /** Returns the lines that precede all others at the next hub: none while the client waits for the answer to its own. */
  replay(): readonly Buffer[]
  /** Returns what follows an `initialize` that the client waits for. */
  following(): readonly Buffer[]
  isAnswered(): boolean
}

/** Creates a handshake of which nothing is known. */
export function createHandshake(): Handshake {
  let first: { line: Buffer; key: string } | null = null
  let isAnswered = false
  let second: readonly Buffer[] = []
  /** The keys of our own requests. */
  const replayed = new Set<string>()
  let replays = 0

  /** Returns the client's line with an id of ours. */
  function withOwnId(line: Buffer): Buffer {
    const id = partsOf(line)?.id
    if (id == null) return line
    const rawId = `"serena-deck-${++replays}"`
    replayed.add(rawId)
    return Buffer.concat([line.subarray(0, id[0]), Buffer.from(rawId), line.subarray(id[1])])
  }

  return {
    initialize(line, key) {
      first = { line, key }
      isAnswered = false
    },
    initialized(line) {
      second = [line]
    },
    answered(key, isResult) {
      if (first?.key === key && !isAnswered) isAnswered = isResult
    },
    takesAnswer: (key) => replayed.delete(key),
    forgetReplays: () => replayed.clear(),
    replay: () => (first !== null && isAnswered ? [withOwnId(first.line), ...second] : []),
    following: () => second,
    isAnswered: () => isAnswered,
  }
}
