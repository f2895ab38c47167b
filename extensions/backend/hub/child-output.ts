// What a Serena prints: messages, and everything else, of which the end is kept as the reason of a failed start. Pure.
import { createLineSplitter } from '../mcp/line-splitter.ts'

export interface ChildOutput {
  /** Takes bytes of stdout. */
  push(bytes: Buffer): void
  /** Takes bytes of stderr. */
  pushOther(bytes: Buffer): void
  /** The end of the output that is not a message. */
  lastWords(): string
  /** Whether there was no message. */
  isEmpty(): boolean
}

const MAX_LINE_BYTES = 256 * 1024 * 1024
/** Enough for the reason of a failed start. */
const TAIL_BYTES = 8 * 1024
const NEWLINE = Buffer.from('\n')

const isMessage = (line: Buffer): boolean => /^\s*(\{\s*"|\[\s*\{)/.test(line.toString('latin1', 0, 64))

/** Creates the output; `onMessage` gets each message without its newline. */
export function createChildOutput(
  onMessage: (line: Buffer) => void,
  onFault: (error: unknown) => void,
): ChildOutput {
  let tail = Buffer.alloc(0)
  let isEmpty = true

  function pushOther(bytes: Buffer): void {
    tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES)
  }

  const lines = createLineSplitter(
    (line) => {
      if (!isMessage(line)) return pushOther(Buffer.concat([line, NEWLINE]))
      isEmpty = false
      onMessage(line)
    },
    {
      maxBytes: MAX_LINE_BYTES,
      onTooLong: () => onFault(new Error('a message of Serena is larger than 256 MiB')),
    },
  )
  return {
    push: lines.push,
    pushOther,
    lastWords: () => tail.toString('utf8').trim(),
    isEmpty: () => isEmpty,
  }
}
