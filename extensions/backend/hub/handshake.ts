// `initialize`: a Serena gets that of its first client at each start, and all clients are answered from its one answer.
import { AppError } from '#contract/errors'
import { errorLine, INTERNAL_ERROR, isToolError } from '../mcp/answers.ts'
import { INITIALIZED, newestVersion, requestedVersion, withVersion } from '../mcp/initialize.ts'
import { splice } from '../mcp/json-spans.ts'
import { partsOf } from '../mcp/message-parts.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { Member } from './member.ts'
import { requestLine } from './own-requests.ts'

export interface HandshakeDeps {
  kept: KeptAnswers
  /** Sends a request to Serena; rejects when it exits. */
  ask(line: Buffer): Promise<Buffer>
  write(line: Buffer): void
  /** Tool calls to repeat after each start but the first, as JSON text of `params`. */
  replay: readonly string[]
  onFault(error: unknown): void
}

export interface Handshake {
  /** A client has joined with this request of `initialize`; null: it was not received yet. */
  join(line: Buffer | null): void
  /** Answers a client from Serena's answer or the kept copy. False: it is answered when Serena has answered. */
  answer(member: Member, line: Buffer, rawId: string): boolean
  /** Initializes a started Serena, and brings it to where it was before. AppError `hub-refused`. */
  perform(): Promise<void>
  /** Serena could not be started: clients that wait get an error. */
  fail(fault: string): void
  leave(member: Member): void
  /** Whether a client waits for it. */
  isAwaited(): boolean
  /** Serena's answer; null: it was never started. */
  answered(): Buffer | null
}

interface Waiting {
  member: Member
  line: Buffer
  rawId: string
}

const REPEAT_FIX = 'Activate the project again.'

/** Creates the handshake of a Serena that was not started yet. */
export function createHandshake({ kept, ask, write, replay, onFault }: HandshakeDeps): Handshake {
  const waiting = new Map<string, Waiting>()
  let request: Buffer | null = null
  let answered: Buffer | null = null
  let wasPerformed = false

  function send({ member, line, rawId }: Waiting, answer: Buffer): void {
    const shown = withVersion(answer, requestedVersion(line), newestVersion(request ?? line, answer))
    const id = partsOf(shown)?.id
    if (id) member.send(splice(shown, id, rawId))
  }

  /** A call that has led to this place. Without its effect other calls could change the wrong files. */
  async function repeat(params: string): Promise<void> {
    if (isToolError(await ask(requestLine('tools/call', params))))
      throw new AppError('hub-refused', {
        why: `Serena refused to repeat this call: ${params}.`,
        fix: REPEAT_FIX,
      })
  }

  return {
    join(line) {
      request ??= line
    },
    answer(member, line, rawId) {
      request ??= line
      const known = answered ?? kept.read('initialize')
      if (known) send({ member, line, rawId }, known)
      else waiting.set(member.id, { member, line, rawId })
      return known !== null
    },
    async perform() {
      if (request === null) throw new Error('a start without a client')
      const answer = await ask(request)
      answered = answer
      kept.keep('initialize', answer).catch(onFault)
      write(INITIALIZED)
      // The first time, the client's own call does it.
      if (wasPerformed) for (const params of replay) await repeat(params)
      wasPerformed = true
      for (const one of waiting.values()) send(one, answer)
      waiting.clear()
    },
    fail(fault) {
      for (const { member, rawId } of waiting.values()) member.send(errorLine(rawId, INTERNAL_ERROR, fault))
      waiting.clear()
    },
    leave: ({ id }) => void waiting.delete(id),
    isAwaited: () => waiting.size > 0,
    answered: () => answered,
  }
}
