// The facts of one process, from /proc/PID. Command lines are remembered; the rest is read each time.
import type { ProcessFact } from '../process-facts.ts'
import { createOwnLogLookup } from './own-log.ts'
import { parseArgv, parseBootTime, parseNumberLine, parseStat, type StatLine } from './parse-proc.ts'
import { readProc, readProcText } from './read-proc.ts'
import { readSystemConstants } from './system-constants.ts'
import { runningThread, runStateOf } from './threads.ts'

/** An exec changes the command line but neither pid nor start: the command line of a younger process is read again. */
const YOUNG_MS = 10_000

export interface FactReader {
  /** Null: no such process; `failed`: the process is there and cannot be read. `bootedAtMs`: of `bootTimeMs`. */
  read(pid: number, bootedAtMs: number): ProcessFact | null | 'failed'
  /** Epoch milliseconds; 0: not readable. */
  bootTimeMs(): number
  /** The identity of a pid at this moment; null: there is no such process. */
  identityOf(pid: number): string | null
  /** An exec may still replace its program. */
  isYoung(fact: { startedAtMs: number } | undefined): boolean
  /** Forgets all processes that are not in this complete list. */
  keepOnly(byPid: ReadonlyMap<number, ProcessFact>): void
}

interface Lasting {
  argv: readonly string[] | null
  uid: number | null
}

/** Creates a reader that remembers command lines. */
export function createFactReader(now: () => number): FactReader {
  const bootId = (readProcText('/proc/sys/kernel/random/boot_id') ?? 'unknown').trim()
  const { ticksPerSecond, pageBytes } = readSystemConstants()
  const known = new Map<string, Lasting>()
  const ownLogs = createOwnLogLookup(now)
  const msOf = (ticks: number): number => (ticks * 1000) / ticksPerSecond
  const identityFor = (pid: number, stat: StatLine): string => `${bootId}:${pid}:${stat.startTicks}`
  const isYoung: FactReader['isYoung'] = (fact) => fact !== undefined && now() - fact.startedAtMs < YOUNG_MS

  function lastingOf(
    key: string,
    pid: number,
    stat: StatLine,
    isSettled: boolean,
  ): Lasting | null | 'failed' {
    const before = known.get(key)
    if (before && isSettled) return before
    const lasting = readLasting(pid, stat)
    if (lasting !== null && lasting !== 'failed') known.set(key, lasting)
    return lasting
  }

  return {
    isYoung,
    read(pid, bootedAtMs) {
      const read = readProc(`/proc/${pid}/stat`)
      if (read.kind === 'gone') return null
      const stat = read.kind === 'text' ? parseStat(read.text) : null
      if (!stat) return 'failed'
      const identity = identityFor(pid, stat)
      const startedAtMs = bootedAtMs + Math.round(msOf(Number(stat.startTicks)))
      const lasting = lastingOf(`${identity}:${stat.name}`, pid, stat, !isYoung({ startedAtMs }))
      if (lasting === null || lasting === 'failed') return lasting
      const { name, ppid, pgid, sid } = stat
      const [rssBytes, cpuMs] = [stat.rssPages * pageBytes, msOf(stat.cpuTicks)]
      const { argv, uid } = lasting
      const runState = runStateOf(pid, stat)
      const fact = { identity, pid, ppid, pgid, sid, uid, startedAtMs, name, argv, runState, rssBytes, cpuMs }
      const serenaLog = ownLogs.find(fact)
      return serenaLog === null ? fact : { ...fact, serenaLog }
    },

    bootTimeMs: () => (parseBootTime(readProcText('/proc/stat') ?? '') ?? 0) * 1000,

    identityOf(pid) {
      const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
      return stat && identityFor(pid, stat)
    },

    keepOnly(byPid) {
      const alive = new Set([...byPid.values()].map(({ identity, name }) => `${identity}:${name}`))
      for (const key of known.keys()) if (!alive.has(key)) known.delete(key)
      ownLogs.forgetExited(byPid)
    },
  }
}

function readLasting(pid: number, stat: StatLine): Lasting | null | 'failed' {
  const cmdline = readProc(`/proc/${pid}/cmdline`)
  if (cmdline.kind === 'gone') return null
  if (cmdline.kind === 'failed') return 'failed'
  return { argv: cmdline.kind === 'text' ? argvOf(pid, stat, cmdline.text) : null, uid: uidOf(pid) }
}

/** The real user; the owner of the folder in /proc would be root for a process that may not be dumped. */
const uidOf = (pid: number): number | null =>
  parseNumberLine(readProcText(`/proc/${pid}/status`) ?? '', 'Uid')

/** Where the first thread has exited, another one has the command line. */
function argvOf(pid: number, { runState, threads }: StatLine, text: string): string[] {
  const thread = text === '' && runState === 'Z' && threads > 1 ? runningThread(pid) : null
  return parseArgv(thread ? (readProcText(`/proc/${pid}/task/${thread.tid}/cmdline`) ?? '') : text)
}
