// What is said of a bridge to a Serena in another place, and of a Serena that is reached through one. Pure.
import type { InstanceFacts } from '../../facts.ts'
import type { RemoteBridge } from '../../facts-remote.ts'
import { stopLine } from '../../lib/remote-place.ts'

const PLACES: Readonly<Record<RemoteBridge['place'], string>> = {
  container: 'A Serena in a container; this is its client',
  sandbox: 'A Serena in a sandbox; this is its client',
  machine: 'A Serena on another machine; this is its connection',
  windows: 'A Serena on Windows; this is its bridge',
  wsl: 'A Serena in WSL; this is its client',
}

/** The evidence for an instance that is only a bridge; null: it is none. */
export function bridgeEvidence({ serena }: InstanceFacts): string[] | null {
  const { remote, isLauncherOnly = false } = serena ?? {}
  if (!remote || !isLauncherOnly) return null
  const { place, program, target, stop } = remote.bridge
  const to = target === null ? '' : ` to ${target}`
  return [
    `${PLACES[place]} (${program}${to}, process ${remote.process.pid}).`,
    'The Serena itself cannot be seen from here, so it is neither judged nor ended.',
    ...(stop === null ? [] : [`To stop it, run: ${stop}`]),
  ]
}

/** What is said besides of one whose process is seen here. */
export function placeEvidence({ serena, details, remote = null }: InstanceFacts): string[] {
  const container = details?.container ?? null
  if (!serena || serena.isLauncherOnly || (!remote && !container)) return []
  const program = remote?.bridge.program ?? ''
  const name = container?.name ?? remote?.bridge.target ?? container?.id.slice(0, 12)
  const where = remote?.bridge.place === 'sandbox' ? 'a sandbox' : 'a container'
  const line = stopLine({ remote, container })
  const stop = line === null ? [] : [`To stop it, run: ${line}`]
  if (!remote)
    return [`It runs in container ${name}; the client of that container cannot be seen from here.`, ...stop]
  if (!remote.isGone)
    return [
      `It runs in ${where}${name ? ` (${name})` : ''}; process ${remote.pid} (${program}) is its client.`,
    ]
  return [`Its ${program} client (process ${remote.pid}) has exited; it still runs in ${where}.`, ...stop]
}
