// Which visible process holds an end of a pipe or socket. The ancestors are read first, because a client is usually one of them; only
// when none of them holds it are the descriptors of every process walked, once for all that ask at that moment. This explains; it
// proves nothing: a process of another user or of another pid namespace cannot be seen here.

import { parseDescriptorFlags } from './parse-descriptor.ts'
import { parseStat } from './parse-proc.ts'
import { listDescriptors, listPids, readLink, readProcText } from './read-proc.ts'

/** One walk serves all callers within this time. */
const WALK_LASTS_MS = 1_000
/** An end that no visible process holds is not searched for again before this. */
const NOT_FOUND_LASTS_MS = 30_000
const SLICE = 32
const MOST = 1_000

export interface HolderQuestion {
  /** The link of the wanted descriptor: `pipe:[1234]`, or `socket:[1235]` of the other end. */
  target: string
  /** Of a pipe: which of its two ends. A socket has one inode for each end. */
  wanted: 'reader' | 'writer' | 'either'
  /** Processes that do not count as holders: the instance and all below it. */
  inside: ReadonlySet<number>
  /** From the parent upwards. */
  ancestors: readonly number[]
}

export interface VisibleHolder {
  pid: number
  fd: number
}

export interface ConnectionHolders {
  /** Returns the nearest ancestor that holds it, else another process; null: none is visible. */
  find(question: HolderQuestion): Promise<VisibleHolder | null>
}

type Walk = ReadonlyMap<string, readonly VisibleHolder[]>

/** Creates a lookup that remembers where an end was found. */
export function createConnectionHolders(now: () => number = () => performance.now()): ConnectionHolders {
  let walk: Promise<Walk> | null = null
  let walkedAtMs = Number.NEGATIVE_INFINITY
  const known = new Map<string, VisibleHolder>()
  const missing = new Map<string, number>()

  /** `isNew`: the walk began now, so an end that it did not find has no visible holder. */
  async function latestWalk(): Promise<{ holders: Walk; isNew: boolean }> {
    const isNew = !walk || now() - walkedAtMs > WALK_LASTS_MS
    if (isNew) {
      walk = walkAll()
      walkedAtMs = now()
    }
    return { holders: (await walk) ?? new Map(), isNew }
  }

  return {
    async find({ target, wanted, inside, ancestors }) {
      const key = `${target} ${wanted}`
      const keep = (holder: VisibleHolder): VisibleHolder => {
        if (known.size > MOST) known.clear()
        known.set(key, holder)
        missing.delete(key)
        return holder
      }
      const before = known.get(key)
      if (before && holdsAt(before, target, wanted)) return before
      known.delete(key)

      // Pid 1 holds hundreds of descriptors and rarely is a client; the walk finds it too.
      for (const pid of ancestors.filter((one) => one > 1)) {
        const found = (listDescriptors(pid) ?? []).find(
          (one) => one.target === target && holdsAt({ pid, fd: one.fd }, target, wanted),
        )
        if (found) return keep({ pid, fd: found.fd })
      }
      if (now() - (missing.get(key) ?? Number.NEGATIVE_INFINITY) < NOT_FOUND_LASTS_MS) return null
      const { holders, isNew } = await latestWalk()
      const outside = (holders.get(target) ?? []).find(
        (one) => !inside.has(one.pid) && holdsAt(one, target, wanted),
      )
      if (outside) return keep(outside)
      if (missing.size > MOST) missing.clear()
      if (isNew) missing.set(key, now())
      return null
    },
  }
}

async function walkAll(): Promise<Walk> {
  const holders = new Map<string, VisibleHolder[]>()
  for (const [at, pid] of (listPids() ?? []).entries()) {
    if (at % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve))
    for (const { fd, target } of listDescriptors(pid) ?? []) {
      if (!/^(pipe|socket):/.test(target)) continue
      const ends = holders.get(target)
      if (ends) ends.push({ pid, fd })
      else holders.set(target, [{ pid, fd }])
    }
  }
  return holders
}

/** Returns true while that descriptor is that end. */
export function holdsAt(
  { pid, fd }: VisibleHolder,
  target: string,
  wanted: HolderQuestion['wanted'],
): boolean {
  if (readLink(`/proc/${pid}/fd/${fd}`) !== target) return false
  if (wanted === 'either') return true
  const flags = parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')
  return flags !== null && (wanted === 'writer' ? flags.canWrite : flags.canRead)
}

/** Reads the ancestors of a process, from the parent upwards, pid 1 last. */
export function readAncestors(of: number): { pid: number; name: string }[] {
  const ancestors: { pid: number; name: string }[] = []
  const parentOf = (pid: number): number => parseStat(readProcText(`/proc/${pid}/stat`) ?? '')?.ppid ?? 0
  for (let pid = parentOf(of); pid > 0 && ancestors.length < 64; pid = parentOf(pid)) {
    const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
    if (!stat) break
    ancestors.push({ pid, name: stat.name })
  }
  return ancestors
}

/** Returns a process in words, such as `process 4711 (sleep)`. */
export function nameOf(pid: number): string {
  const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
  return stat ? `process ${pid} (${stat.name})` : `process ${pid}`
}
