// A bridge into a container and the Serena in that container are one instance, where it is proven that they belong together. Pure.
import { isDeepStrictEqual } from 'node:util'
import { ownerChain } from '../clients/owner.ts'
import type { ContainerFact, ProcessFact, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { RemotePlace } from './remote-memory.ts'
import type { Track } from './track.ts'

/** A shorter beginning of an id may be a name. */
const SHORTEST_ID = 12

/** A container starts right after its bridge. */
const START_MS = 120_000

/**
 * Returns each instance once. Where it is proven which Serena a bridge leads to, that Serena is shown, with the bridge and its client.
 * Where only all signs agree, the bridge is shown, and the Serena in the container is not shown a second time.
 */
export function joinRemotes(
  serenas: readonly SerenaProcess[],
  placeOf: (identity: ProcessIdentity) => RemotePlace | null,
  table: ProcessTable,
): SerenaProcess[] {
  const bridges = serenas.filter(isContainerBridge)
  if (bridges.length === 0) return [...serenas]
  const inners = serenas.flatMap((serena): Inner[] => {
    const container = serena.isLauncherOnly ? null : (placeOf(serena.process.identity)?.container ?? null)
    if (container === null) return []
    const names = [container.name, conmonName(serena.process, table)].filter((name) => name !== null)
    return [{ serena, container, names }]
  })
  const proven = new Map<SerenaProcess, SerenaProcess>()
  for (const bridge of bridges) {
    const id = placeOf(bridge.process.identity)?.containerId ?? null
    const inner = inners.find((one) => isProven(bridge, id, one))
    if (inner) proven.set(inner.serena, bridge)
  }
  const known = new Set([...proven.keys(), ...proven.values()])
  const open = bridges.filter((bridge) => !known.has(bridge))
  const free = inners.map(({ serena }) => serena).filter((serena) => !known.has(serena))
  const hidden = new Set([...proven.values(), ...open.flatMap((bridge) => likelyInner(bridge, open, free))])
  return serenas
    .filter((serena) => !hidden.has(serena))
    .map((serena) => {
      const bridge = proven.get(serena)
      return bridge ? { ...serena, remote: bridge.remote ?? null, client: bridge.client } : serena
    })
}

/** Joins tracked instances in the same way: each track takes what was found of it. */
export function joinTracked(
  serenas: readonly SerenaProcess[],
  trackOf: (identity: ProcessIdentity) => Pick<Track, 'remote' | 'renewRemote'> | null,
  table: ProcessTable,
): SerenaProcess[] {
  const shown = joinRemotes(serenas, (identity) => trackOf(identity)?.remote.place() ?? null, table)
  for (const serena of shown) trackOf(serena.process.identity)?.renewRemote(serena, table)
  return shown
}

interface Inner {
  serena: SerenaProcess
  container: ContainerFact
  names: readonly string[]
}

const isContainerBridge = ({ isLauncherOnly, remote }: SerenaProcess): boolean =>
  isLauncherOnly && remote?.bridge.place === 'container'

function isProven(
  { remote }: SerenaProcess,
  containerId: string | null,
  { container, names }: Inner,
): boolean {
  if (containerId !== null) return containerId === container.id
  const target = remote?.bridge.target ?? null
  if (target === null) return false
  return names.includes(target) || (target.length >= SHORTEST_ID && container.id.startsWith(target))
}

/** The only Serena that this bridge, and no other bridge, may connect to; empty: there is none, or more than one. */
function likelyInner(
  bridge: SerenaProcess,
  bridges: readonly SerenaProcess[],
  inners: readonly SerenaProcess[],
): SerenaProcess[] {
  const [inner, ...others] = inners.filter((one) => isLikely(bridge, one))
  if (!inner || others.length > 0) return []
  return bridges.filter((one) => isLikely(one, inner)).length === 1 ? [inner] : []
}

function isLikely(bridge: SerenaProcess, inner: SerenaProcess): boolean {
  const afterMs = inner.process.startedAtMs - bridge.process.startedAtMs
  return afterMs >= -1000 && afterMs <= START_MS && isDeepStrictEqual(bridge.command, inner.command)
}

/** The command line of Podman's monitor, the parent of the container's process, contains the name: `conmon -c ID -n NAME …`. */
function conmonName(process: ProcessFact, table: ProcessTable): string | null {
  for (const { name, argv } of ownerChain(process, table)) {
    if (name !== 'conmon' || argv === null) continue
    const at = argv.indexOf('-n')
    return at < 0 ? null : (argv[at + 1] ?? null)
  }
  return null
}
