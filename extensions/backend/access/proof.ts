// How a backend proves that it holds the token of its record.
import { createHmac } from 'node:crypto'

/** Returns the HMAC-SHA256 of the challenge, keyed with the token, in hex. */
export const proofOf = (token: string, challenge: string): string =>
  createHmac('sha256', token).update(`serena-deck identity ${challenge}`).digest('hex')
