// Which Serena a client uses, and the calls that move it to another one.
import { isToolError } from '../mcp/answers.ts'
import type { MessageParts } from '../mcp/message-parts.ts'
import type { Call } from './call.ts'
import type { Member } from './member.ts'
import { placeAfter } from './place-change.ts'
import { type Place, START_PLACE } from './serena-spec.ts'
import type { SharedSerena } from './shared-serena.ts'

export interface ClientPlace {
  serena(): SharedSerena
  /** Passes a request to its Serena. If it changes project or modes, the client moves first; it returns if the call fails. */
  submit(call: Call): void
  /** Passes on a notification that cancels a request. */
  cancel(line: Buffer, parts: MessageParts): void
}

/** Returns the Serena of a place, and makes this client its member in place of the one before. */
export type Move = (member: Member, place: Place, from: SharedSerena | null) => SharedSerena

/** Creates the place of a client that has just connected. */
export function createClientPlace(member: Member, move: Move): ClientPlace {
  let place: Place = START_PLACE
  let serena = move(member, place, null)
  /** All that may still have calls of it. */
  const visited = new Set([serena])

  function moveTo(next: Place): void {
    place = next
    serena = move(member, place, serena)
    visited.add(serena)
  }

  /** The same call, which returns the client to `before` if it fails. */
  const onTrial = (call: Call, before: Place, next: Place): Call => ({
    ...call,
    answer(answer, isUncertain) {
      call.answer(answer, isUncertain)
      if (!isUncertain && isToolError(answer) && place === next) moveTo(before)
    },
  })

  return {
    serena: () => serena,
    submit(call) {
      const isKnown = call.tool !== null && serena.mayHaveTool(call.tool)
      const before = place
      const next = isKnown ? placeAfter(call, before, serena.spec) : null
      if (next === null) return serena.submit(call)
      moveTo(next)
      serena.submit(onTrial(call, before, next))
    },
    cancel(line, parts) {
      for (const one of visited) one.cancel(member, line, parts)
    },
  }
}
