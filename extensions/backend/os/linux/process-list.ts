// All processes of a Linux machine, and the cheap look between two lists.
// Read synchronously in slices of 32 with a turn of the loop between: measured at a fifth of ps-list's time, and the loop
// is never held for more than a few milliseconds.
import { execFileSync } from 'node:child_process'
import type { Glance, ProcessFact, ProcessTable } from '../../facts.ts'
import { createOwnLogLookup } from './own-log.ts'
import { parseArgv, parseBootTime, parseNumberLine, parseStat, type StatLine } from './parse-proc.ts'
import { listPids, readProc, readProcText } from './read-proc.ts'
import { runningThread, runStateOf } from './threads.ts'

const SLICE = 32
/** An exec changes the command line but neither pid nor start: younger ones are read anew. */
const YOUNG_MS = 10_000

export interface ProcessList {
  list(): Promise<ProcessTable>
  glance(watched: ReadonlySet<number>): Promise<Glance>
  /** The identity of a pid at this moment; null: there is no such process. */
  identityOf(pid: number): string | null
  /** When a pid began, epoch milliseconds; null: there is no such process. */
  startOf(pid: number): number | null
}

/** A list that remembers command lines. */
export function createProcessList(now: () => number = Date.now): ProcessList {
  const bootId = (readProcText('/proc/sys/kernel/random/boot_id') ?? 'unknown').trim()
  const ticksPerSecond = systemConstant('CLK_TCK', 100)
  const pageBytes = systemConstant('PAGESIZE', 4096)
  const known = new Map<string, { argv: readonly string[] | null; uid: number | null }>()
  const ownLogs = createOwnLogLookup(now)
  let seen: ReadonlySet<number> = new Set()

  const identityFor = (pid: number, stat: StatLine): string => `${bootId}:${pid}:${stat.startTicks}`

  const isYoung = (fact: { startedAtMs: number } | undefined): boolean =>
    fact !== undefined && now() - fact.startedAtMs < YOUNG_MS

  function bootTimeMs(): number {
    const bootedAt = parseBootTime(readProcText('/proc/stat') ?? '')
    return bootedAt === null ? 0 : bootedAt * 1000
  }

  /** `failed`: the process is there and could not be read. */
  function readFact(pid: number, bootedAtMs: number): ProcessFact | null | 'failed' {
    const read = readProc(`/proc/${pid}/stat`)
    if (read.kind === 'gone') return null
    const stat = read.kind === 'text' ? parseStat(read.text) : null
    if (!stat) return 'failed'
    const identity = identityFor(pid, stat)
    const startedAtMs = bootedAtMs + Math.round((Number(stat.startTicks) * 1000) / ticksPerSecond)
    const key = `${identity}:${stat.name}`
    let lasting = known.get(key)
    if (!lasting || isYoung({ startedAtMs })) {
      const cmdline = readProc(`/proc/${pid}/cmdline`)
      if (cmdline.kind === 'gone') return null
      if (cmdline.kind === 'failed') return 'failed'
      lasting = { argv: cmdline.kind === 'text' ? argvOf(pid, stat, cmdline.text) : null, uid: uidOf(pid) }
      known.set(key, lasting)
    }
    const facts = { identity, pid, name: stat.name, startedAtMs, ...lasting }
    const serenaLog = ownLogs.find(facts)
    return {
      ...facts,
      ...(serenaLog !== null && { serenaLog }),
      ppid: stat.ppid,
      pgid: stat.pgid,
      sid: stat.sid,
      runState: runStateOf(pid, stat),
      rssBytes: stat.rssPages * pageBytes,
      cpuMs: (stat.cpuTicks * 1000) / ticksPerSecond,
    }
  }

  function forgetAllBut(byPid: ReadonlyMap<number, ProcessFact>): void {
    const alive = new Set([...byPid.values()].map(({ identity, name }) => `${identity}:${name}`))
    for (const key of known.keys()) if (!alive.has(key)) known.delete(key)
    ownLogs.retain(new Set([...byPid.values()].map(({ identity }) => identity)))
  }

  return {
    async list() {
      const pids = listPids()
      if (!pids) return { isComplete: false, byPid: new Map() }
      const bootedAtMs = bootTimeMs()
      const byPid = new Map<number, ProcessFact>()
      const unread = new Set<number>()
      for (let i = 0; i < pids.length; i += SLICE) {
        for (const pid of pids.slice(i, i + SLICE)) {
          const fact = readFact(pid, bootedAtMs)
          if (fact === 'failed') unread.add(pid)
          else if (fact) byPid.set(pid, fact)
        }
        await nextTurn()
      }
      const isComplete = unread.size === 0 && isListingWhole(pids)
      if (isComplete) forgetAllBut(byPid)
      seen = new Set(pids.filter((pid) => !isYoung(byPid.get(pid))))
      return { isComplete, byPid, unread }
    },

    async glance(watched) {
      const pids = listPids()
      if (!pids) return { pids: null, watched: new Map(), young: [] }
      const bootedAtMs = bootTimeMs()
      const facts = (of: readonly number[]): ProcessFact[] =>
        of.map((pid) => readFact(pid, bootedAtMs)).filter((fact) => fact !== null && fact !== 'failed')
      const newcomers = pids.filter((pid) => !seen.has(pid))
      const states = facts([...watched]).map(
        ({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }] as const,
      )
      const young = facts(newcomers)
      // Those younger than ten seconds stay newcomers until they are what they will be.
      const grown = young.filter((fact) => !isYoung(fact)).map(({ pid }) => pid)
      seen = new Set([...pids.filter((pid) => seen.has(pid)), ...grown])
      return Promise.resolve({ pids: new Set(pids), watched: new Map(states), young })
    },

    identityOf(pid) {
      const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
      return stat && identityFor(pid, stat)
    },

    startOf(pid) {
      const stat = parseStat(readProcText(`/proc/${pid}/stat`) ?? '')
      return stat && bootTimeMs() + Math.round((Number(stat.startTicks) * 1000) / ticksPerSecond)
    },
  }
}

/** With `hidepid` other users' processes are not listed at all: then absence proves nothing. Pid 1 is always somebody's. */
const isListingWhole = (pids: readonly number[]): boolean => pids.includes(process.pid) && pids.includes(1)

/** The real user; the owner of the folder in /proc would be root for a process that may not be dumped. */
const uidOf = (pid: number): number | null =>
  parseNumberLine(readProcText(`/proc/${pid}/status`) ?? '', 'Uid')

function systemConstant(name: string, usual: number): number {
  try {
    const value = Number(execFileSync('getconf', [name], { encoding: 'utf8' }))
    return value > 0 ? value : usual
  } catch {
    // No getconf here (a bare Alpine): what nearly every Linux has.
    return usual
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Where the first thread has exited, another one has the command line. */
function argvOf(pid: number, { runState, threads }: StatLine, text: string): string[] {
  const thread = text === '' && runState === 'Z' && threads > 1 ? runningThread(pid) : null
  return parseArgv(thread ? (readProcText(`/proc/${pid}/task/${thread.tid}/cmdline`) ?? '') : text)
}
