// What is sent to one client. An answer that would fill the memory, because its client does not read, is replaced by an error.
import { errorLine, INTERNAL_ERROR, toolErrorLine } from '../mcp/answers.ts'
import { partsOf, spanAt } from '../mcp/message-parts.ts'
import { type ClientPort, MOST_UNREAD_BYTES, SLOW_BYTES } from './client-port.ts'

export interface ClientOutput {
  send(line: Buffer): void
  /** Whether it would fill the memory. A message of any size passes while the client reads. */
  isTooMuch(line: Buffer): boolean
}

const UNREAD =
  'The answer was dropped: this client has 16 MiB of answers unread. The call has taken effect; repeat it with a smaller answer.'

/** Creates the output to a port. `used` gets the size of each message. */
export function createClientOutput(
  port: Pick<ClientPort, 'send' | 'unreadBytes'>,
  used: (bytes: number) => void,
): ClientOutput {
  function isTooMuch(line: Buffer): boolean {
    const unread = port.unreadBytes()
    return unread >= SLOW_BYTES && unread + line.length > MOST_UNREAD_BYTES
  }

  return {
    isTooMuch,
    send(line) {
      used(line.length)
      const shown = isTooMuch(line) ? replacement(line) : line
      if (shown) port.send(shown)
    },
  }
}

/** Null: it is no answer, and is dropped. */
function replacement(line: Buffer): Buffer | null {
  const parts = partsOf(line)
  if (parts?.kind !== 'answer' || parts.rawId === null) return null
  return parts.result === null || spanAt(line, parts.result, 'content') === null
    ? errorLine(parts.rawId, INTERNAL_ERROR, UNREAD)
    : toolErrorLine(parts.rawId, UNREAD)
}
