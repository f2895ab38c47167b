// A Serena that runs in a container or in another place: how a user stops it. Pure.

import type { ContainerFact } from '../os/process-facts.ts'
import type { RemoteConnection } from './remote-facts.ts'

interface Place {
  remote: RemoteConnection | null
  container: ContainerFact | null
}

/** Returns the line for a shell that stops what runs there, the container's own id first; null: none is known. */
export const stopLine = ({ remote, container }: Place): string | null =>
  container ? `${container.program} stop ${container.id}` : (remote?.bridge.stop ?? null)

/** Returns why it cannot be ended from here; null: it can. A sandbox of this user counts as local. */
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
