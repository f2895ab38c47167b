// The token of this start, and the single-use nonces that a page trades for it.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const NONCE_MS = 60_000
const WRONG_PER_MINUTE = 100
/** A person opens a few windows; more nonces than this at once is somebody else's doing. */
const MAX_NONCES = 100

interface Moment {
  wallMs: number
  monotonicMs: number
}

export interface Sessions {
  /** Never logged, never in an address. */
  readonly token: string
  isToken(candidate: string): boolean
  /** A nonce for the fragment of an address: good once, for a minute. */
  issueNonce(): string
  /** The token for a nonce that is good; null otherwise. */
  redeem(nonce: string): string | null
  /** True once too many wrong tokens came within a minute; a right one is let in all the same. */
  isGuessing(): boolean
  /** Proves who we are to somebody who knows the token, without telling it. */
  prove(challenge: string): string
}

/** Milliseconds. The monotonic one stands still while the computer sleeps; the wall's may be set back. */
interface SessionClock {
  wall: () => number
  monotonic: () => number
}

/** Sessions of one start. */
export function createSessions({ wall, monotonic }: SessionClock): Sessions {
  const token = randomBytes(32).toString('base64url')
  const tokenHash = sha256(token)
  const nonces = new Map<string, Moment>()
  let wrong = { sinceMs: monotonic(), count: 0 }

  const momentNow = (): Moment => ({ wallMs: wall(), monotonicMs: monotonic() })
  /** Whichever clock says so first. */
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
      // Hashed first: lengths are then equal, and the comparison tells nothing by its time.
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

/** HMAC-SHA256 of the challenge, keyed with the token, in hex. */
export const proofOf = (token: string, challenge: string): string =>
  createHmac('sha256', token).update(`serena-deck identity ${challenge}`).digest('hex')

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
