// Where a dashboard listens, and why it cannot be queried from here, as text. Pure.
import type { DashboardKnowledge, HostRefusal } from '../dashboards/dashboard-facts.ts'
import { connectAddress, endpointText } from '../lib/network-address.ts'
import type { Unreachable } from '../os/network-facts.ts'
import type { Listener } from '../os/process-facts.ts'

/** Returns `port 24282`, or with an address other than 127.0.0.1 `127.0.0.2:24282`. */
export function placeOf({ address, port }: Pick<Listener, 'address' | 'port'>): string {
  const asked = connectAddress(address)
  return asked === '127.0.0.1' ? `port ${port}` : endpointText(asked, port)
}

const WHY: Readonly<Record<Unreachable, string>> = {
  'other-network':
    ' in another network namespace. The same address belongs to another program here, so its dashboard is not queried.',
  'unknown-network':
    ' in a network namespace that cannot be read. The same address may belong to another program here, so its dashboard is not queried.',
  'no-address': ', an address that this machine does not currently have, so its dashboard is not queried.',
  shadowed:
    ', but another socket accepts connections to the same address and port, so its dashboard is not queried.',
}

/** Returns a sentence about the sockets that cannot be reached from here; null: there are none. */
export function unreachableText(listeners: readonly Listener[]): string | null {
  const reason = listeners.find(({ unreachable }) => unreachable !== undefined)?.unreachable
  if (!reason) return null
  const places = listeners
    .filter(({ unreachable }) => unreachable === reason)
    .map(({ address, port }) => endpointText(address, port))
  return `It listens on ${places.join(', ')}${WHY[reason]}`
}

/** Returns true if it accepts no host that is known, so nothing else is known about it. */
export const isRefusing = ({ hasAnswered, hostRefusal }: DashboardKnowledge): boolean =>
  !hasAnswered && hostRefusal !== undefined && hostRefusal.acceptedHost === null

/** Returns the one change that makes it answer. */
export const hostAdvice = ({ trusted }: HostRefusal): string =>
  trusted?.includes('127.0.0.1')
    ? 'web_dashboard_trusted_hosts in its serena_config.yml includes 127.0.0.1 now: restart this Serena.'
    : 'Add 127.0.0.1 to web_dashboard_trusted_hosts in its serena_config.yml, then restart this Serena.'
