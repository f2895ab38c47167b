// What is remembered of the sessions of HTTP clients, so that they can be continued by this hub and the next one.
import { isToolError } from '../../mcp/answers.ts'
import { partsOf, spanAt, stringIn } from '../../mcp/message-parts.ts'
import type { Route } from './http-request.ts'
import type { Reply } from './reply.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

export interface SessionRecords {
  /** Null: nothing is known of it. */
  get(id: string): StoredSession | null
  /** Whether it may be used at this URL: it has not ended, and belongs to no other URL. */
  isOpen(id: string, route: Route): boolean
  opened(id: string, route: Route, initialize: Buffer): void
  /** It has ended for good. */
  ended(id: string): void
  /** Wraps the reply to a tool call that changes project or modes, so that a continued session does the same. */
  recording(id: string, line: Buffer, reply: Reply): Reply
}

const REPEATED: readonly string[] = ['activate_project', 'switch_modes']

/** Creates the records in a store. */
export function createSessionRecords({ get, put }: SessionStore): SessionRecords {
  return {
    get,
    isOpen(id, { project, context }) {
      const stored = get(id)
      return stored === null || (!stored.isEnded && stored.project === project && stored.context === context)
    },
    opened(id, { project, context }, line) {
      const initialize = line.toString('utf8')
      put({ id, project, context, initialize, replay: {}, usedAtMs: Date.now(), isEnded: false })
    },
    ended(id) {
      const { project, context } = get(id) ?? { project: '', context: null }
      put({ id, project, context, initialize: '', replay: {}, usedAtMs: Date.now(), isEnded: true })
    },
    recording(id, line, reply) {
      const tool = toolOf(line)
      if (tool === null || !REPEATED.includes(tool)) return reply
      return {
        ...reply,
        answer(answer) {
          const stored = get(id)
          if (stored && !isToolError(answer))
            put({ ...stored, replay: { ...stored.replay, [tool]: line.toString('utf8') } })
          reply.answer(answer)
        },
      }
    },
  }
}

function toolOf(line: Buffer): string | null {
  const parts = partsOf(line)
  return parts?.method === 'tools/call' ? stringIn(line, spanAt(line, parts.params, 'name')) : null
}
