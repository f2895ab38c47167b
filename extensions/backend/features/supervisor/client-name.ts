// The name that a client gives itself in the first message of MCP (`initialize`, `clientInfo`). Pure.

import { valueAt } from './value-at.ts'

const MAX_LENGTH = 256

/** From what the client has said so far; null: it has not said it, or not so. */
export function clientNameIn(early: readonly Buffer[]): string | null {
  const [first = ''] = Buffer.concat(early).toString('utf8').split('\n', 1)
  let message: unknown
  try {
    message = JSON.parse(first)
  } catch {
    // Half a line, or no JSON: then it has no name.
    return null
  }
  const name = valueAt(valueAt(valueAt(message, 'params'), 'clientInfo'), 'name')
  return typeof name === 'string' && name !== '' ? name.slice(0, MAX_LENGTH) : null
}
