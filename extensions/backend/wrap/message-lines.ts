// Splits the output of a Serena into lines that are MCP messages and all other output, which a client must never read. The bytes are
// neither changed nor kept: a line of any length needs no memory. Pure.

const NEWLINE = 0x0a
const QUOTE = 0x22
const BRACKET = 0x5b
const BRACE = 0x7b
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d
/** Blanks before the first character of a message, at most. */
const MAX_HEAD = 256

export interface MessageLines {
  /** Passes each piece of the chunk to its receiver, in order. */
  push(chunk: Buffer): void
  /** Ends the input: an incomplete beginning is not a message. */
  end(): void
}

/**
 * Creates a splitter. A line is a message when it begins like one: `{"` (every JSON-RPC object), or `[{` (a batch, allowed until
 * 2025-03-26). The client checks whether its JSON is valid. The rest of a line follows its beginning at once.
 */
export function createMessageLines(to: {
  message: (bytes: Buffer) => void
  other: (bytes: Buffer) => void
}): MessageLines {
  /** `head`: not yet known. */
  let line: 'head' | 'message' | 'other' = 'head'
  /** The beginning of a line at the end of an earlier chunk. */
  let head: number[] = []

  /** Returns the kind of the line whose beginning ends with this byte. */
  function kindOf(byte: number): typeof line {
    const first = head.find((one) => !isBlank(one))
    if (byte === NEWLINE) return 'other'
    if (isBlank(byte)) return head.length < MAX_HEAD ? 'head' : 'other'
    if (first === undefined) return byte === BRACE || byte === BRACKET ? 'head' : 'other'
    const wanted = first === BRACE ? QUOTE : BRACE
    return byte === wanted ? 'message' : 'other'
  }

  return {
    push(chunk) {
      // Adjacent pieces with the same receiver are passed as one.
      let from = 0
      let isToClient = line === 'message'
      const give = (until: number): void => {
        if (until > from) to[isToClient ? 'message' : 'other'](chunk.subarray(from, until))
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
      if (head.length > 0) to.other(Buffer.from(head))
      head = []
    },
  }
}
