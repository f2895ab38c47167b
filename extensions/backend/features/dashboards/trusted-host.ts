// The Host of a request. A Serena (from 1.7) answers status 400 to every host that its `web_dashboard_trusted_hosts` lacks, whatever
// address it listens on; before that, and with an empty list, it accepts any.
import { domainToASCII } from 'node:url'
import type { HostRefusal } from '../../facts-network.ts'

/** In Serena's list by default. */
const USUAL = '127.0.0.1'
/** A list longer than this is not gone through: each costs a request. */
const MOST_TRIED = 6

export interface TrustedHost {
  /** The host without its port. */
  current(): string
  /** The current one is refused. False: there is no other to try, and the next exchange begins with the first again. */
  next(): boolean
  /** The current one is accepted. */
  accept(): void
  isAccepted(): boolean
  /** Null: the usual one is accepted, or nothing was asked yet. */
  refusal(): HostRefusal | null
}

/** Finds the host that one dashboard accepts; `trusted` is called only once the usual one was refused. */
export function createTrustedHost(trusted: () => readonly string[] | null): TrustedHost {
  let candidates: readonly string[] = [USUAL]
  let at = 0
  let isAccepted = false
  let list: readonly string[] | null = null
  let wasRefused = false
  return {
    current: () => candidates[at] ?? USUAL,
    next() {
      if (at === 0) {
        list = trusted()
        candidates = hostsToTry(list)
      }
      at += 1
      wasRefused = at >= candidates.length
      if (wasRefused) at = 0
      return !wasRefused
    },
    accept() {
      isAccepted = true
      wasRefused = false
    },
    isAccepted: () => isAccepted,
    refusal() {
      if (wasRefused) return { acceptedHost: null, trusted: list }
      return isAccepted && at > 0 ? { acceptedHost: candidates[at] ?? null, trusted: list } : null
    },
  }
}

/** The hosts that such a list accepts, the usual ones first, as they are written in a Host header. */
export function hostsToTry(trusted: readonly string[] | null): readonly string[] {
  const listed = (trusted ?? []).map(asHost).filter((host) => host !== '')
  return [...new Set([USUAL, 'localhost', ...listed])].slice(0, MOST_TRIED)
}

/** `.example.com` accepts `example.com` too; the port is ignored; other than ASCII is compared in its IDNA form. */
function asHost(entry: string): string {
  const name = entry.replace(/^\./, '').replace(/:.*$/s, '')
  if (/^[a-z0-9._-]{1,253}$/i.test(name)) return name
  return /^[^\s\p{Cc}]{1,253}$/u.test(name) && /\P{ASCII}/u.test(name) ? domainToASCII(name) : ''
}
