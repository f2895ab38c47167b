// Two states of the hub -> what happened between them. Pure.
import type { HUB_EVENTS } from '#contract/history'
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'

export interface StatusChange {
  event: (typeof HUB_EVENTS)[number]
  serena: HubSerena
  /** Of `joined` and `left`; else null. */
  client: HubClient | null
}

/** Returns the changes from one status to the next of the same hub; none if the hub started or exited meanwhile. */
export function statusChanges(before: HubStatus | null, after: HubStatus | null): StatusChange[] {
  if (before === null || after === null || before.pid !== after.pid) return []
  const known = new Map(before.serenas.map((serena) => [serena.id, serena]))
  const listed = new Set(after.serenas.map(({ id }) => id))
  const removed = before.serenas.filter(({ id }) => !listed.has(id))
  return [
    ...removed.flatMap((serena) => serena.clients.map((client): StatusChange => left(serena, client))),
    ...after.serenas.flatMap((serena) => changesOf(known.get(serena.id) ?? null, serena)),
  ]
}

function changesOf(before: HubSerena | null, serena: HubSerena): StatusChange[] {
  const joined = serena.clients.filter(({ id }) => !before?.clients.some((one) => one.id === id))
  const leaving = before?.clients.filter(({ id }) => !serena.clients.some((one) => one.id === id)) ?? []
  return [
    ...joined.map((client): StatusChange => ({ event: 'joined', serena, client })),
    ...leaving.map((client): StatusChange => left(serena, client)),
    ...processChanges(before, serena).map((event): StatusChange => ({ event, serena, client: null })),
  ]
}

const left = (serena: HubSerena, client: HubClient): StatusChange => ({ event: 'left', serena, client })

function processChanges(before: HubSerena | null, after: HubSerena): StatusChange['event'][] {
  if (before === null) return []
  if (before.state !== 'asleep' && after.state === 'asleep') return ['slept']
  const hasStarted = after.pid !== null && after.pid !== before.pid
  if (before.state === 'asleep') return hasStarted ? ['woke'] : []
  const hasCrashed = after.crashes > before.crashes
  // `crashes` was counted by an earlier status, or by this one.
  const isRestart = hasStarted && after.crashes > 0 && (before.pid === null || hasCrashed)
  return [...(hasCrashed ? ['crashed' as const] : []), ...(isRestart ? ['restarted' as const] : [])]
}
