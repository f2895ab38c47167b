// Joins chunks to lines: MCP over stdio is one JSON message per line. A line is given without its newline and is never copied twice.

const NEWLINE = 0x0a

export interface LineSplitter {
  push(chunk: Buffer): void
  /** Returns the incomplete last line; null: there is none. */
  rest(): Buffer | null
}

/** Creates a splitter. `onTooLong` is called once for a line of more than `maxBytes`, which is dropped. */
export function createLineSplitter(
  onLine: (line: Buffer) => void,
  { maxBytes, onTooLong }: { maxBytes: number; onTooLong: () => void },
): LineSplitter {
  let parts: Buffer[] = []
  let bytes = 0

  function add(part: Buffer): void {
    if (part.length === 0) return
    const wasShort = bytes <= maxBytes
    bytes += part.length
    if (bytes <= maxBytes) parts.push(part)
    else if (wasShort) {
      parts = []
      onTooLong()
    }
  }

  function take(): Buffer | null {
    const [first] = parts
    const line = parts.length === 1 && first ? first : Buffer.concat(parts)
    const isWhole = bytes > 0 && bytes <= maxBytes
    parts = []
    bytes = 0
    return isWhole ? line : null
  }

  return {
    push(chunk) {
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, end))
        const line = take()
        if (line !== null) onLine(line)
        from = end + 1
      }
      add(chunk.subarray(from))
    },
    rest: take,
  }
}
