// The Host header of a request. From 1.7 on, a Serena answers with status 400 to every host that is not in its
// `web_dashboard_trusted_hosts`; earlier versions, and an empty list, accept any host.
import { domainToASCII } from 'node:url'
import type { HostRefusal } from './dashboard-facts.ts'

/** In Serena's list by default. */
const DEFAULT_HOST = '127.0.0.1'
/** Each host costs a request. */
const MAX_TRIED = 6

export interface TrustedHost {
  /** The host without its port. */
  current(): string
  /** Called when the current host was refused. False: there is no other to try; the next exchange starts with the first again. */
  next(): boolean
  /** Called when the current host was accepted. */
  accept(): void
  isAccepted(): boolean
  /** Null: the default host is accepted, or no request was sent yet. */
  refusal(): HostRefusal | null
}

/** Finds the host that one dashboard accepts; `trusted` is called only after the default host was refused. */
export function createTrustedHost(trusted: () => readonly string[] | null): TrustedHost {
  let candidates: readonly string[] = [DEFAULT_HOST]
  let at = 0
  let isAccepted = false
  let list: readonly string[] | null = null
  let wasRefused = false
  return {
    current: () => candidates[at] ?? DEFAULT_HOST,
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

/** Returns the hosts that such a list accepts, the defaults first, as they are written in a Host header. */
export function hostsToTry(trusted: readonly string[] | null): readonly string[] {
  const listed = (trusted ?? []).map(asHost).filter((host) => host !== '')
  return [...new Set([DEFAULT_HOST, 'localhost', ...listed])].slice(0, MAX_TRIED)
}

/** `.example.com` accepts `example.com` too; the port is ignored; a name with other characters than ASCII is compared in its IDNA form. */
function asHost(entry: string): string {
  const name = entry.replace(/^\./, '').replace(/:.*$/s, '')
  if (/^[a-z0-9._-]{1,253}$/i.test(name)) return name
  return /^[^\s\p{Cc}]{1,253}$/u.test(name) && /\P{ASCII}/u.test(name) ? domainToASCII(name) : ''
}
