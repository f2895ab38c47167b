// A Serena that runs in a container or in another place: how a person stops it. Pure.
import type { InstanceFacts } from '../facts.ts'
import type { ContainerFact } from '../facts-remote.ts'

interface Place {
  remote: NonNullable<InstanceFacts['remote']> | null
  container: ContainerFact | null
}

/** The line for a shell that stops what runs there, the container's own id first; null: none is known. */
export const stopLine = ({ remote, container }: Place): string | null =>
  container ? `${container.program} stop ${container.id}` : (remote?.bridge.stop ?? null)

/** Why it is not ended from here; null: it may be. A sandbox of the person's own is here. */
export function outsideRefusal(place: Place): string | null {
  const where = place.remote?.bridge.place ?? (place.container ? 'container' : 'sandbox')
  if (where === 'sandbox') return null
  const line = stopLine(place)
  const stop = line === null ? 'Stop it where it runs.' : `To stop it, run: ${line}`
  return `It runs ${PLACES[where]} and is not ended from here. ${stop}`
}

const PLACES = {
  container: 'in a container',
  machine: 'on another machine',
  windows: 'on Windows',
  wsl: 'in WSL',
} as const
