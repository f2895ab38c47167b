// The tool calls of instances, as far as scans show them: the hub counts them; of other instances the log shows that there were some.
import type { HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { SETTLED_MS } from '#contract/use'

export interface SeenCalls {
  /** Returns the calls of an instance since it was last asked about. `isCounted` false: 1 stands for one or more. */
  take(instance: Instance, hub: HubStatus | null): { calls: number; isCounted: boolean }
  /** The instance has got another id. */
  rename(from: string, to: string): void
  /** Forgets every instance that is not listed. */
  retain(ids: ReadonlySet<string>): void
}

interface Known {
  /** Calls by client of the hub. */
  byClient: ReadonlyMap<string, number> | null
  lastActivityAt: string | null
}

/** Creates a memory without instances: calls before the first scan of an instance are not counted. */
export function createSeenCalls(): SeenCalls {
  const known = new Map<string, Known>()
  return {
    take(instance, hub) {
      const { id, lastActivityAt } = instance
      const before = known.get(id)
      const byClient = countedCalls(instance, hub)
      known.set(id, { byClient, lastActivityAt })
      if (byClient !== null) {
        const calls = before?.byClient ? callsBetween(before.byClient, byClient) : 0
        return { calls, isCounted: true }
      }
      const isActive = before !== undefined && before.lastActivityAt !== lastActivityAt
      return { calls: isActive && isAfterStart(instance) ? 1 : 0, isCounted: false }
    },
    rename(from, to) {
      const one = known.get(from)
      known.delete(from)
      if (one) known.set(to, one)
    },
    retain(ids) {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    },
  }
}

/** Null: the hub does not run it, or does not count. */
function countedCalls({ hubSerena }: Instance, hub: HubStatus | null): Map<string, number> | null {
  const clients = hub?.serenas.find(({ id }) => id === hubSerena)?.clients
  if (hubSerena === undefined || !clients || clients.some(({ calls }) => calls === undefined)) return null
  return new Map(clients.map(({ id, calls }) => [id, calls ?? 0]))
}

const callsBetween = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number =>
  [...after].reduce((sum, [client, calls]) => sum + Math.max(0, calls - (before.get(client) ?? 0)), 0)

/** A start writes to the log as well. */
const isAfterStart = ({ startedAt, lastActivityAt }: Instance): boolean =>
  lastActivityAt !== null &&
  (startedAt === null || Date.parse(lastActivityAt) - Date.parse(startedAt) > SETTLED_MS)
