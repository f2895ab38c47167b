// The kept copies as one Serena sees them: what it answers to requests without arguments.
import { objectSpans, splice } from '../mcp/json-spans.ts'
import { partsOf, spanAt } from '../mcp/message-parts.ts'
import type { Call } from './call.ts'
import { KEPT_LISTS, type KeptCopies } from './kept-copies.ts'

export interface KeptAnswers {
  /** A whole answer; null: none is kept. */
  read(method: string): Buffer | null
  /** Returns whether the answer differs from the kept one. Errors and parts of lists are never kept. */
  keep(method: string, answer: Buffer): Promise<boolean>
  /** Returns the answer to a request for a list, with its own id; null: none is kept, or it has arguments. */
  answerTo(call: Call): Buffer | null
}

/** Creates the view of the copies with one key. */
export function createKeptAnswers(copies: KeptCopies, copyKey: string): KeptAnswers {
  return {
    read: (method) => copies.read(copyKey, method),
    async keep(method, answer) {
      const parts = partsOf(answer)
      if (!parts?.id || parts.result === null || spanAt(answer, parts.result, 'nextCursor')) return false
      return copies.write(copyKey, method, splice(answer, parts.id, '0'))
    },
    answerTo(call) {
      if (!KEPT_LISTS.includes(call.method) || hasArguments(call)) return null
      const copy = copies.read(copyKey, call.method)
      const id = copy && partsOf(copy)?.id
      return copy && id ? splice(copy, id, call.rawId) : null
    },
  }
}

/** Whether the request has arguments beside `_meta`. */
function hasArguments({ line, parts: { params } }: Call): boolean {
  const keys = params && objectSpans(line, ...params)
  return [...(keys?.keys() ?? [])].some((key) => key !== '_meta')
}
