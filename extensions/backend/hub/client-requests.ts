// The requests of clients to one Serena and how they end: answered, given up, lost with Serena, or failed. Also its clock of use.
import { errorLine, INTERNAL_ERROR, toolErrorLine } from '../mcp/answers.ts'
import type { MessageParts } from '../mcp/message-parts.ts'
import type { Call } from './call.ts'
import type { Calls } from './calls.ts'

export interface ClientRequests {
  /** It waits until the calls are pumped. */
  add(call: Call): void
  /** Serena is ready for calls. */
  begin(): void
  /** Gives an answer of Serena to its client; returns whether it ends a tool call. */
  settle(line: Buffer, parts: MessageParts): boolean
  /** Answers the tool calls that have been running for at least this long; returns how many. */
  giveUp(ms: number): number
  /** Serena has exited: what may have taken effect gets an error, the rest waits again. */
  lose(): void
  /** Serena cannot be started: everything that waits gets an error. */
  fail(fault: string): void
  /** Monotonic milliseconds of the last tool call, or of the start; null: something is running or waiting. */
  idleSinceMs(): number | null
}

const LOST =
  'The connection to Serena was lost during this call. It may or may not have taken effect: check before you repeat it.'
const UNANSWERED =
  'Serena has not answered this call in time. It may have taken effect, or may still do so: check before you repeat it.'

/** Creates the requests to a Serena that was not used. `now`: monotonic milliseconds. */
export function createClientRequests(calls: Calls, now: () => number): ClientRequests {
  let usedAtMs = now()

  function add(call: Call): void {
    if (call.tool !== null) usedAtMs = now()
    calls.add(call)
  }

  return {
    add,
    begin() {
      usedAtMs = now()
      calls.pump()
    },
    settle(line, parts) {
      const isEnd = calls.settle(line, parts) !== null
      if (isEnd) usedAtMs = now()
      calls.pump()
      return isEnd
    },
    giveUp(ms) {
      const given = calls.giveUp(ms)
      for (const call of given) {
        if (!call.isAbandoned) call.answer(toolErrorLine(call.rawId, UNANSWERED), true)
        call.isAbandoned = true
      }
      calls.pump()
      return given.length
    },
    lose() {
      const { uncertain, repeatable } = calls.lose()
      for (const call of uncertain) call.answer(failureOf(call, LOST), true)
      for (const call of repeatable) add(call)
    },
    fail(fault) {
      for (const call of calls.takeWaiting()) call.answer(failureOf(call, fault))
    },
    idleSinceMs: () => (calls.isIdle() ? usedAtMs : null),
  }
}

const failureOf = ({ tool, rawId }: Call, text: string): Buffer =>
  tool === null ? errorLine(rawId, INTERNAL_ERROR, text) : toolErrorLine(rawId, text)
