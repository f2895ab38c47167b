// Evidence about a bridge to a Serena in another place, and about a Serena behind one. Pure.

import type { RemoteBridge } from '../serena/remote-facts.ts'
import { stopLine } from '../serena/remote-place.ts'
import type { InstanceFacts } from './instance-facts.ts'

const PLACES: Readonly<Record<RemoteBridge['place'], string>> = {
  container: 'A Serena in a container; this is its client',
  sandbox: 'A Serena in a sandbox; this is its client',
  machine: 'A Serena on another machine; this is its connection',
  windows: 'A Serena on Windows; this is its bridge',
  wsl: 'A Serena in WSL; this is its client',
}

/** Returns the evidence for an instance that is only a bridge; null: it is not one. */
export function bridgeEvidence({ serena }: InstanceFacts): string[] | null {
  const { remote, isLauncherOnly = false } = serena ?? {}
  if (!remote || !isLauncherOnly) return null
  const { place, program, target, stop } = remote.bridge
  const to = target === null ? '' : ` to ${target}`
  return [
    `${PLACES[place]} (${program}${to}, process ${remote.process.pid}).`,
    'The Serena itself is not visible from here: its state is unknown, and it cannot be ended from here.',
    ...(stop === null ? [] : [`To stop it, run: ${stop}`]),
  ]
}

/** Returns the evidence about the place of an instance whose process is visible here. */
export function placeEvidence({ serena, details, remote = null }: InstanceFacts): string[] {
  const container = details?.container ?? null
  if (!serena || serena.isLauncherOnly || (!remote && !container)) return []
  const program = remote?.bridge.program ?? ''
  const name = container?.name ?? remote?.bridge.target ?? container?.id.slice(0, 12)
  const where = remote?.bridge.place === 'sandbox' ? 'a sandbox' : 'a container'
  const line = stopLine({ remote, container })
  const stop = line === null ? [] : [`To stop it, run: ${line}`]
  if (!remote)
    return [`It runs in container ${name}; the client of that container is not visible from here.`, ...stop]
  if (!remote.hasExited)
    return [
      `It runs in ${where}${name ? ` (${name})` : ''}; process ${remote.pid} (${program}) is its client.`,
    ]
  return [`Its ${program} client (process ${remote.pid}) has exited; it still runs in ${where}.`, ...stop]
}
