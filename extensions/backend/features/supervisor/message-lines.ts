// What a Serena writes, split into the lines that are messages of MCP and whatever else a program may print: a client must never
// read the latter. Bytes are looked at, never changed or kept: a line of any length costs nothing. Pure.

const NEWLINE = 0x0a
const QUOTE = 0x22
const BRACKET = 0x5b
const BRACE = 0x7b
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d
/** More blanks than that before a first character are no message. */
const MAX_HEAD = 256

export interface MessageLines {
  /** Gives each piece of the chunk to whom it is for, in order. */
  push(chunk: Buffer): void
  /** Nothing comes any more: what could still have become a message is not one. */
  end(): void
}

/**
 * A splitter. A line is a message when it begins as one: `{"` (every JSON-RPC object), or `[{` (a batch, allowed until 2025-03-26);
 * whether its JSON is sound only the client can say. The rest of a line goes where its beginning went, at once.
 */
export function createMessageLines(to: {
  message: (bytes: Buffer) => void
  noise: (bytes: Buffer) => void
}): MessageLines {
  /** `head`: not known yet. */
  let line: 'head' | 'message' | 'noise' = 'head'
  /** The bytes of a head that an earlier chunk ended in. */
  let head: number[] = []

  /** What the head is, with this byte at its end. */
  function kindOf(byte: number): typeof line {
    const first = head.find((one) => !isBlank(one))
    if (byte === NEWLINE) return 'noise'
    if (isBlank(byte)) return head.length < MAX_HEAD ? 'head' : 'noise'
    if (first === undefined) return byte === BRACE || byte === BRACKET ? 'head' : 'noise'
    const wanted = first === BRACE ? QUOTE : BRACE
    return byte === wanted ? 'message' : 'noise'
  }

  return {
    push(chunk) {
      // Pieces that follow each other and go to the same place are given as one.
      let from = 0
      let isToClient = line === 'message'
      const give = (until: number): void => {
        if (until > from) to[isToClient ? 'message' : 'noise'](chunk.subarray(from, until))
        from = until
      }
      for (let at = 0; at < chunk.length; ) {
        if (line === 'head') {
          const beginsHere = at - head.length
          const byte = chunk[at] ?? 0
          const kind = kindOf(byte)
          head.push(byte)
          at++
          if (kind === 'head') continue
          if (beginsHere < 0) {
            to[kind](Buffer.from(head))
            from = at
            isToClient = kind === 'message'
          } else if (isToClient !== (kind === 'message')) {
            give(beginsHere)
            isToClient = kind === 'message'
          }
          head = []
          line = byte === NEWLINE ? 'head' : kind
          continue
        }
        const end = chunk.indexOf(NEWLINE, at)
        at = end < 0 ? chunk.length : end + 1
        if (end >= 0) line = 'head'
      }
      give(chunk.length - head.length)
    },
    end() {
      if (head.length > 0) to.noise(Buffer.from(head))
      head = []
    },
  }
}
