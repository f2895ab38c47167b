// Finds the answer in what a program prints: the rest of the line that holds the marker. Everything else is ignored.

const NEWLINE = 10

export type AnswerRead = { kind: 'answer'; text: string } | { kind: 'incomplete' } | { kind: 'too-long' }

/** Returns a reader of one answer; it takes the program's output chunk by chunk. */
export function createAnswerReader(marker: string, maxBytes: number): (chunk: Buffer) => AnswerRead {
  let pieces: Buffer[] = []
  let bytes = 0
  return (chunk) => {
    bytes += chunk.length
    if (bytes > maxBytes) return { kind: 'too-long' }
    pieces.push(chunk)
    if (!chunk.includes(NEWLINE)) return { kind: 'incomplete' }
    const printed = Buffer.concat(pieces)
    const end = printed.lastIndexOf(NEWLINE)
    pieces = [printed.subarray(end + 1)]
    for (const line of printed.toString('utf8', 0, end).split('\n')) {
      const at = line.indexOf(marker)
      if (at >= 0) return { kind: 'answer', text: line.slice(at + marker.length).replace(/\r$/, '') }
    }
    return { kind: 'incomplete' }
  }
}
