// The clients of one Serena, and which of them a message of Serena is for. Pure, apart from what it sends.
import { errorLine, METHOD_NOT_FOUND, resultLine } from '../mcp/answers.ts'
import type { MessageParts } from '../mcp/message-parts.ts'
import { SLOW_BYTES } from './client-port.ts'
import type { Member } from './member.ts'

export interface Members {
  add(member: Member): void
  remove(member: Member): void
  all(): readonly Member[]
  /** Whether it reads its answers; true for one that has left. */
  isReading(id: string): boolean
  /** Sends a notification to all whose `initialize` was answered. */
  notifyAll(line: Buffer): void
  /** Sends a log message to the clients with a running request; to all when none is running. */
  notifyCallers(line: Buffer, callers: ReadonlySet<string>): void
  /** Passes on a request of Serena. `answer` gets the client's answer, or at once that of the hub. */
  ask(line: Buffer, parts: MessageParts, callers: ReadonlySet<string>, answer: (line: Buffer) => void): void
}

/** Creates the members of a Serena without clients. */
export function createMembers(): Members {
  const members = new Map<string, Member>()
  const ready = (): Member[] => [...members.values()].filter((member) => member.isReady())

  /** A request goes to the client of the running call; it names none, so there must be only one candidate. */
  function addressee(callers: ReadonlySet<string>): Member | null {
    const candidates = callers.size > 0 ? [...members.values()].filter(({ id }) => callers.has(id)) : ready()
    return candidates.length === 1 ? (candidates[0] ?? null) : null
  }

  return {
    add: (member) => void members.set(member.id, member),
    remove: ({ id }) => void members.delete(id),
    all: () => [...members.values()],
    isReading(id) {
      const member = members.get(id)
      return member === undefined || member.unreadBytes() < SLOW_BYTES
    },
    notifyAll(line) {
      for (const member of ready()) member.send(line)
    },
    notifyCallers(line, callers) {
      for (const member of ready()) if (callers.size === 0 || callers.has(member.id)) member.send(line)
    },
    ask(line, { method, id, rawId }, callers, answer) {
      if (id === null || rawId === null) return
      if (method === 'ping') return answer(resultLine(rawId, '{}'))
      const member = addressee(callers)
      if (member) member.ask(line, answer)
      else answer(errorLine(rawId, METHOD_NOT_FOUND, 'This request belongs to no client.'))
    },
  }
}
