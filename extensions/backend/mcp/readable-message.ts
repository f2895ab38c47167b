// Messages that Serena drops without an answer (measured with 1.7.0 and 2.1.0): a call that is never answered would keep the calls of
// all other clients waiting. Pure.
import { isFields } from '../lib/fields.ts'

/** Objects and arrays inside each other, the message included. */
const MOST_DEPTH = 201
/** Python's limit for the digits of a number. */
const LONG_NUMBER = /\d{4301}/
/** Half a surrogate pair, as in a text that was cut inside an emoji: not valid for Python. */
const HALF_PAIR = /\p{Surrogate}/u

/** Returns whether Serena reads this line as a message. */
export function isReadableMessage(line: Buffer): boolean {
  const text = line.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Not JSON.
    return false
  }
  if (!isFields(value) || value['jsonrpc'] !== '2.0') return false
  const { method, params, error } = value
  if (params !== undefined && params !== null && !isFields(params)) return false
  if (method !== undefined && error !== undefined) return false
  return isReadableValue(value, MOST_DEPTH, text)
}

function isReadableValue(value: unknown, depth: number, text: string): boolean {
  if (typeof value === 'string') return !HALF_PAIR.test(value)
  if (typeof value === 'number') return Number.isFinite(value) || !LONG_NUMBER.test(text)
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  return Object.entries(value).every(
    ([key, inner]) => !HALF_PAIR.test(key) && isReadableValue(inner, depth - 1, text),
  )
}
