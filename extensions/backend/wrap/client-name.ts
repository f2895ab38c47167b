// The name of the client from its first MCP message (`initialize`, `clientInfo`). Pure.

import { valueAt } from './value-at.ts'

const MAX_LENGTH = 256

/** Parses the input so far; null: no name yet, or not valid. */
export function clientNameIn(early: readonly Buffer[]): string | null {
  const [first = ''] = Buffer.concat(early).toString('utf8').split('\n', 1)
  let message: unknown
  try {
    message = JSON.parse(first)
  } catch {
    // Half a line, or not JSON.
    return null
  }
  const name = valueAt(valueAt(valueAt(message, 'params'), 'clientInfo'), 'name')
  return typeof name === 'string' && name !== '' ? name.slice(0, MAX_LENGTH) : null
}
