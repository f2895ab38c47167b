// Where a dashboard listens, and why it cannot be asked from here, in words. Pure.
import type { DashboardKnowledge, Listener } from '../../facts.ts'
import type { HostRefusal, Unreachable } from '../../facts-network.ts'
import { askedAddress, endpointText } from '../../lib/network-address.ts'

/** `port 24282`, of another address than 127.0.0.1 `127.0.0.2:24282`. */
export function placeOf({ address, port }: Pick<Listener, 'address' | 'port'>): string {
  const asked = askedAddress(address)
  return asked === '127.0.0.1' ? `port ${port}` : endpointText(asked, port)
}

const WHY: Readonly<Record<Unreachable, string>> = {
  'other-network':
    'in another network namespace: the same address leads to another program here, so its dashboard is not asked.',
  'unknown-network':
    'in a network namespace that cannot be read: the same address may lead to another program here, so its dashboard is not asked.',
  'no-address': 'an address that this machine does not have now, so its dashboard is not asked.',
  shadowed:
    'but another socket takes connections to the same address and port, so its dashboard is not asked.',
}

/** One sentence about the sockets to which no connection leads from here; null: there is none. */
export function unreachableWords(listeners: readonly Listener[]): string | null {
  const [first] = listeners.filter(({ unreachable }) => unreachable !== undefined)
  if (!first?.unreachable) return null
  const places = listeners
    .filter(({ unreachable }) => unreachable === first.unreachable)
    .map(({ address, port }) => endpointText(address, port))
  const separator = first.unreachable.endsWith('-network') ? ' ' : ', '
  return `It listens on ${places.join(', ')}${separator}${WHY[first.unreachable]}`
}

/** It answers no host that is known, so nothing else is known of it. */
export const isRefusing = ({ hasAnswered, hostRefusal }: DashboardKnowledge): boolean =>
  !hasAnswered && hostRefusal !== undefined && hostRefusal.acceptedHost === null

/** The one change that makes it answer. */
export const hostAdvice = ({ trusted }: HostRefusal): string =>
  trusted?.includes('127.0.0.1')
    ? 'web_dashboard_trusted_hosts in its serena_config.yml lists 127.0.0.1 by now: restart this Serena.'
    : 'Add 127.0.0.1 to web_dashboard_trusted_hosts in its serena_config.yml, then restart this Serena.'
