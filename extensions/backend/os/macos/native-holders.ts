// Which visible process has one end of a pipe or socket open, by the kernel's handle of that end. The ancestors are read first, because a client
// is usually one of them; only if none of them holds it are the descriptors of all processes of this user read. This explains; it proves
// nothing: the processes of other users cannot be read.
import { nextTurn } from '../../lib/next-turn.ts'
import type { DescriptorType, HeldDescriptor, NativeFiles } from './native-files.ts'
import type { NativeReader } from './native-reader.ts'

/** One walk serves all callers within this time. */
const WALK_LASTS_MS = 1_000
/** An end that no visible process holds is not searched for again before this. */
const NOT_FOUND_LASTS_MS = 30_000
const SLICE = 8
const MOST = 1_000

export const CHANNELS: ReadonlySet<DescriptorType> = new Set(['pipe', 'socket'])

export interface HolderQuestion {
  /** The wanted end. */
  handle: string
  kind: 'pipe' | 'socket'
  /** Processes that do not count as holders: the instance and all below it. */
  inside: ReadonlySet<number>
  /** From the parent upwards. */
  ancestors: readonly number[]
}

export interface NativeHolders {
  /** Returns the pid of the nearest ancestor that holds it, else of another process; null: none is visible. */
  find(question: HolderQuestion): Promise<number | null>
  holds(pid: number, handle: string): boolean
}

interface Place {
  pid: number
  fd: number
}

/** Creates a lookup that remembers where an end was found. */
export function createNativeHolders(
  reader: Pick<NativeReader, 'pids'>,
  files: NativeFiles,
  now: () => number,
): NativeHolders {
  let walk: Promise<ReadonlyMap<string, readonly Place[]>> | null = null
  let walkedAtMs = Number.NEGATIVE_INFINITY
  const known = new Map<string, Place>()
  const missing = new Map<string, number>()

  async function walkAll(): Promise<ReadonlyMap<string, readonly Place[]>> {
    const places = new Map<string, Place[]>()
    for (const [at, pid] of (reader.pids() ?? []).entries()) {
      if (at % SLICE === SLICE - 1) await nextTurn()
      for (const { fd, ...held } of files.descriptors(pid, CHANNELS) ?? [])
        if (isChannel(held)) places.set(held.handle, [...(places.get(held.handle) ?? []), { pid, fd }])
    }
    return places
  }

  function keep(handle: string, place: Place): number {
    if (known.size > MOST) known.clear()
    known.set(handle, place)
    return place.pid
  }

  const placeIn = (pid: number, handle: string): Place | null => {
    const held = (files.descriptors(pid, CHANNELS) ?? []).find(
      (one) => isChannel(one) && one.handle === handle,
    )
    return held ? { pid, fd: held.fd } : null
  }

  return {
    holds: (pid, handle) => placeIn(pid, handle) !== null,

    async find({ handle, kind, inside, ancestors }) {
      const before = known.get(handle)
      const present = before && files.descriptor(before.pid, before.fd, kind)
      if (before && present && isChannel(present) && present.handle === handle) return before.pid
      known.delete(handle)
      for (const pid of ancestors) {
        const place = placeIn(pid, handle)
        if (place) return keep(handle, place)
      }
      if (now() - (missing.get(handle) ?? Number.NEGATIVE_INFINITY) < NOT_FOUND_LASTS_MS) return null
      if (!walk || now() - walkedAtMs > WALK_LASTS_MS) {
        walk = walkAll()
        walkedAtMs = now()
      }
      const outside = (await walk).get(handle)?.find(({ pid }) => !inside.has(pid))
      if (outside) return keep(handle, outside)
      if (missing.size > MOST) missing.clear()
      missing.set(handle, now())
      return null
    },
  }
}

type Channel = Extract<HeldDescriptor, { kind: 'pipe' | 'socket' }>

export const isChannel = <One extends { kind: HeldDescriptor['kind'] }>(
  one: One,
): one is One & Omit<Channel, 'fd'> => one.kind === 'pipe' || one.kind === 'socket'
