// The token of this start, and the single-use nonces that a page trades for it.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { proofOf } from '../access/proof.ts'

const NONCE_MS = 60_000
const WRONG_PER_MINUTE = 100
/** A user opens a few windows; more open nonces than this are an attack. */
const MAX_NONCES = 100

interface Moment {
  wallMs: number
  monotonicMs: number
}

export interface Sessions {
  /** Never logged, never in an address. */
  readonly token: string
  isToken(candidate: string): boolean
  /** Returns a nonce for the fragment of an address: single use, valid for one minute. */
  issueNonce(): string
  /** Returns the token for a valid nonce; null otherwise. */
  redeem(nonce: string): string | null
  /** True after too many wrong tokens within a minute; a correct one is still accepted. */
  isGuessing(): boolean
  /** Proves to a client that knows the token that we know it too, without revealing it. */
  prove(challenge: string): string
}

/** Milliseconds. The monotonic clock stops while the computer sleeps; the wall clock may be set back. */
interface SessionClock {
  wall: () => number
  monotonic: () => number
}

/** Creates the sessions of one start. */
export function createSessions({ wall, monotonic }: SessionClock): Sessions {
  const token = randomBytes(32).toString('base64url')
  const tokenHash = sha256(token)
  const nonces = new Map<string, Moment>()
  let wrong = { sinceMs: monotonic(), count: 0 }

  const momentNow = (): Moment => ({ wallMs: wall(), monotonicMs: monotonic() })
  /** Whether it is over by either clock. */
  function isOver({ wallMs, monotonicMs }: Moment): boolean {
    const now = momentNow()
    return now.wallMs - wallMs > NONCE_MS || now.monotonicMs - monotonicMs > NONCE_MS
  }

  function countWrong(): void {
    if (monotonic() - wrong.sinceMs > 60_000) wrong = { sinceMs: monotonic(), count: 0 }
    wrong.count++
  }

  return {
    token,
    isToken(candidate) {
      // Hashed first: the lengths are then equal, and the duration of the comparison reveals nothing.
      const isRight = candidate !== '' && timingSafeEqual(sha256(candidate), tokenHash)
      if (!isRight) countWrong()
      return isRight
    },
    issueNonce() {
      for (const [nonce, issued] of nonces)
        if (isOver(issued) || nonces.size >= MAX_NONCES) nonces.delete(nonce)
      const nonce = randomBytes(24).toString('base64url')
      nonces.set(sha256(nonce).toString('hex'), momentNow())
      return nonce
    },
    redeem(nonce) {
      const key = sha256(nonce).toString('hex')
      const issued = nonces.get(key)
      nonces.delete(key)
      if (issued && !isOver(issued)) return token
      countWrong()
      return null
    },
    isGuessing: () => wrong.count > WRONG_PER_MINUTE && monotonic() - wrong.sinceMs <= 60_000,
    prove: (challenge) => proofOf(token, challenge),
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
