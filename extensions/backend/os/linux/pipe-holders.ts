// Who holds the other end of a pipe. The parents are asked first, for a healthy client is one of them; only when none of them
// holds it are the descriptors of every process walked, once for all pipes asked for at that moment.

import type { Peer } from '../judge-wire.ts'
import { parseNumberLine, parseStat } from './parse-proc.ts'
import { parseDescriptorFlags, pipeInode } from './parse-wire.ts'
import { listDescriptors, listPids, readLink, readProc, readProcText } from './read-proc.ts'

/** One walk serves all that ask within so long. */
const WALK_LASTS_MS = 1_000
const SLICE = 32
/** A pipe is made right before its reader is started: who began earlier than that cannot have inherited it. */
const INHERITED_WITHIN_MS = 60_000

export interface PipeQuestion {
  /** The process whose pipe it is. */
  pid: number
  inode: string
  /** The opposite end: who writes what the process reads, or reads what it writes. */
  wanted: 'writer' | 'reader'
  /** The process and its descendants: their holding it says nothing of a client. */
  inside: ReadonlySet<number>
  /** From the parent upwards. */
  ancestors: readonly number[]
  /** The ancestor that would be the client; null: the chain ends in init or a user's service manager. */
  clientPid: number | null
  startedAtMs: number
}

interface Walk {
  atMs: number
  holders: Map<string, { pid: number; fd: number }[]>
  /** Processes of our own user that could not be read, with their beginning; null: the list could not be read. */
  unreadable: readonly { pid: number; startedAtMs: number }[] | null
}

/** `byAncestor`: a parent holds it, so it is the wire without doubt. */
export interface PipeAnswer {
  peer: Peer
  byAncestor: boolean
}

export interface PipeHolders {
  find(question: PipeQuestion): Promise<PipeAnswer>
}

/** `startOf` tells the beginning of a process in epoch milliseconds; null: not known. */
export function createPipeHolders(
  startOf: (pid: number) => number | null,
  now: () => number = () => performance.now(),
): PipeHolders {
  let walk: Promise<Walk> | null = null
  let walkedAtMs = Number.NEGATIVE_INFINITY
  /** Where an end was found last: `inode wanted` -> holder. */
  const known = new Map<string, { pid: number; fd: number; byAncestor: boolean }>()

  async function walkAll(): Promise<Walk> {
    const holders: Walk['holders'] = new Map()
    const unreadable: { pid: number; startedAtMs: number }[] = []
    const pids = listPids()
    for (const [at, pid] of (pids ?? []).entries()) {
      if (at % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve))
      const descriptors = listDescriptors(pid)
      if (descriptors === null && isOursAndThere(pid))
        unreadable.push({ pid, startedAtMs: startOf(pid) ?? Number.POSITIVE_INFINITY })
      for (const { fd, target } of descriptors ?? []) {
        const inode = pipeInode(target)
        if (inode === null) continue
        const ends = holders.get(inode)
        if (ends) ends.push({ pid, fd })
        else holders.set(inode, [{ pid, fd }])
      }
    }
    return { atMs: now(), holders, unreadable: pids === null ? null : unreadable }
  }

  async function latestWalk(): Promise<Walk> {
    if (!walk || now() - walkedAtMs > WALK_LASTS_MS) {
      walk = walkAll()
      walkedAtMs = now()
    }
    return walk
  }

  return {
    async find(question) {
      const { inode, wanted, inside } = question
      const key = `${inode} ${wanted}`
      const keep = (holder: { pid: number; fd: number }, byAncestor: boolean): PipeAnswer => {
        if (known.size > 1_000) known.clear()
        known.set(key, { ...holder, byAncestor })
        return { peer: { kind: 'held', by: nameOf(holder.pid) }, byAncestor }
      }
      const before = known.get(key)
      if (before && holdsAt(before.pid, before.fd, inode, wanted)) return keep(before, before.byAncestor)
      known.delete(key)

      // Pid 1 is never a parent that starts Serenas on a machine, and holds hundreds of descriptors: the walk finds it too.
      for (const pid of question.ancestors.filter((one) => one > 1)) {
        const fd = findIn(pid, inode, wanted)
        if (fd !== null) return keep({ pid, fd }, true)
      }
      const { holders, unreadable } = await latestWalk()
      const ends = (holders.get(inode) ?? []).filter(({ pid, fd }) => holdsAt(pid, fd, inode, wanted))
      const outside = ends.find(({ pid }) => !inside.has(pid))
      if (outside) return keep(outside, question.ancestors.includes(outside.pid))
      if (ends.length > 0) return { peer: { kind: 'inside' }, byAncestor: false }
      const doubt = doubtOf(question, unreadable, startOf)
      return { peer: doubt === null ? { kind: 'gone' } : { kind: 'unknown', why: doubt }, byAncestor: false }
    },
  }
}

/** Why "nobody holds it" cannot be said; null: it can. Unreadable is never gone. */
function doubtOf(
  { clientPid, startedAtMs, ancestors }: PipeQuestion,
  unreadable: Walk['unreadable'],
  startOf: (pid: number) => number | null,
): string | null {
  if (unreadable === null) return 'Who holds the other end of its wire could not be read just now.'
  if (clientPid !== null && isThere(clientPid) && listDescriptors(clientPid) === null)
    return `Who holds the other end of its wire cannot be told: ${nameOf(clientPid)} cannot be read.`
  const madeAtMs = startedAtMs - INHERITED_WITHIN_MS
  const isOlder = (pid: number): boolean => (startOf(pid) ?? Number.POSITIVE_INFINITY) < madeAtMs
  // A child of somebody who began before the pipe was made has not inherited it (a browser's sandboxed children hide).
  const hidden = unreadable.find(
    (one) =>
      one.startedAtMs >= madeAtMs &&
      !ancestorsOf(one.pid).some(
        ({ pid, name }) => !isReaper(pid, name) && !ancestors.includes(pid) && isOlder(pid),
      ),
  )
  return hidden
    ? `Who holds the other end of its wire cannot be told: ${nameOf(hidden.pid)} cannot be read.`
    : null
}

/** From the parent upwards, pid 1 last. */
export function ancestorsOf(of: number): { pid: number; name: string }[] {
  const ancestors: { pid: number; name: string }[] = []
  const parentOf = (pid: number): number => parseStat(readProcText(`/proc/${pid}/stat`) ?? '')?.ppid ?? 0
  for (let pid = parentOf(of); pid > 0 && ancestors.length < 64; pid = parentOf(pid)) {
    const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
    if (!stat) break
    ancestors.push({ pid, name: stat.name })
  }
  return ancestors
}

/** Those that adopt orphans. */
export const isReaper = (pid: number, name: string): boolean =>
  pid <= 1 || /^(systemd|init|Relay\(.*|SessionLeader)$/.test(name)

function findIn(pid: number, inode: string, wanted: PipeQuestion['wanted']): number | null {
  const ends = (listDescriptors(pid) ?? []).filter(({ target }) => pipeInode(target) === inode)
  return ends.find(({ fd }) => isEnd(pid, fd, wanted))?.fd ?? null
}

const holdsAt = (pid: number, fd: number, inode: string, wanted: PipeQuestion['wanted']): boolean =>
  pipeInode(readLink(`/proc/${pid}/fd/${fd}`) ?? '') === inode && isEnd(pid, fd, wanted)

function isEnd(pid: number, fd: number, wanted: PipeQuestion['wanted']): boolean {
  const flags = parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')
  if (!flags) return false
  return wanted === 'writer' ? flags.canWrite : flags.canRead
}

const isThere = (pid: number): boolean => readProc(`/proc/${pid}/stat`).kind !== 'gone'

/** Other users' processes are never readable; one of our own that hides (a key agent) might hold the end. */
function isOursAndThere(pid: number): boolean {
  const status = readProc(`/proc/${pid}/status`)
  if (status.kind === 'gone') return false
  if (status.kind !== 'text') return true
  const uid = parseNumberLine(status.text, 'Uid')
  const isDefunct = /^State:\s+[ZX]/m.test(status.text)
  return !isDefunct && (uid === null || uid === process.getuid?.())
}

/** A process in words, such as `process 4711 (sleep)`. */
function nameOf(pid: number): string {
  const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
  return stat ? `process ${pid} (${stat.name})` : `process ${pid}`
}
