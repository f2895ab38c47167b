// The second sign of a Serena, besides its command line: the log with its own pid in the name, held open for writing. A program
// that reads the log, an editor, or a child that inherited the descriptor has another pid, or does not write.
// A read costs a link per descriptor, so the result is remembered for each process, and a process without such a log is
// read again when it is half as old again: a Serena opens its log some time after its start, and imports take time.
import { realpathSync, statSync } from 'node:fs'
import { isInterpreter } from '../../lib/interpreters.ts'
import { HOME_VARIABLES, type LogName, parseLogName, resolveSerenaHome } from '../../lib/serena-home.ts'
import type { ProcessFact } from '../process-facts.ts'
import { parseEnvironment, parseInnerPids } from './parse-proc.ts'
import { listDescriptors, readLink, readProcText, readWhole } from './read-proc.ts'

/** A process that is Python or names Serena is read each time while it is younger than this. */
const LIKELY_MS = 120_000
/** No process is read more often than this. */
const PAUSE_MS = 900
const GROWTH = 0.5
/** The kernel adds it to the name of a file that was removed while it is open. */
const DELETED = / \(deleted\)$/
const ACCESS_MODE = 0o3

type Candidate = Pick<ProcessFact, 'identity' | 'pid' | 'name' | 'argv' | 'uid' | 'startedAtMs'>
interface Found {
  fd: number
  target: string
  /** Where it can be read from here. */
  log: string
}
interface Known {
  atMs: number
  found: Found | null
}

export interface OwnLogLookup {
  /** Returns the log that this process writes as a Serena does; null: none, or it cannot be read. */
  find(process: Candidate): string | null
  /** Forgets processes that are not in this complete list, once more are remembered than it has. */
  forgetExited(byPid: ReadonlyMap<number, ProcessFact>): void
}

/** Creates a lookup that remembers; it reads only processes of this user. */
export function createOwnLogLookup(
  now: () => number = Date.now,
  ownUid: number | null = process.getuid?.() ?? null,
): OwnLogLookup {
  const known = new Map<string, Known & { name: string }>()
  return {
    find(candidate) {
      const { identity, pid, name, argv, uid } = candidate
      if (uid !== ownUid || argv === null || argv.length === 0) return null
      const before = known.get(identity)
      // An exec makes another program of the same process.
      const isSame = before?.name === name
      if (isSame && before.found && isStillOpen(pid, before.found)) return before.found.log
      if (isSame && before.found === null && !isDue(candidate, before.atMs, now())) return null
      const descriptors = readCandidates(candidate, isSame && before.found !== null)
      // A process whose first thread has exited shows none, and is still running.
      if (isSame && before.found && !descriptors.length) return before.found.log
      const found = ownLogAmong(pid, descriptors)
      known.set(identity, { atMs: now(), found, name })
      return found && found.log
    },
    forgetExited(byPid) {
      if (known.size <= byPid.size) return
      const alive = new Set([...byPid.values()].map(({ identity }) => identity))
      for (const identity of known.keys()) if (!alive.has(identity)) known.delete(identity)
    },
  }
}

/** The descriptors that may be the log: a link is read for each, and a machine has thousands. */
function readCandidates(candidate: Candidate, hadLog: boolean): readonly { fd: number; target: string }[] {
  if (hadLog || isLikely(candidate)) return listDescriptors(candidate.pid) ?? []
  // Descriptors 0 to 2 are its standard streams.
  return isOtherRuntime(candidate) ? [] : (listDescriptors(candidate.pid, 3) ?? [])
}

const isLikely = ({ name, argv }: Candidate): boolean =>
  isInterpreter(name.replace(/:.*/, ''), 'python') ||
  (argv ?? []).some((word) => /serena|start-mcp-server/i.test(word))

/** A runtime of another language cannot be a Serena; browsers and editors hold most descriptors of a machine. */
function isOtherRuntime({ argv }: Candidate): boolean {
  const program = (argv?.[0] ?? '').split('/').at(-1) ?? ''
  const isOther = isInterpreter(program, 'javascript', 'ruby', 'runtime', 'electron')
  return isOther || (argv ?? []).some((word) => word.startsWith('--type='))
}

function isDue(candidate: Candidate, checkedAtMs: number, nowMs: number): boolean {
  const sinceMs = nowMs - checkedAtMs
  if (sinceMs < PAUSE_MS) return false
  if (sinceMs >= (checkedAtMs - candidate.startedAtMs) * GROWTH) return true
  return nowMs - candidate.startedAtMs < LIKELY_MS && isLikely(candidate)
}

const isStillOpen = (pid: number, { fd, target }: Found): boolean => {
  const present = readLink(`/proc/${pid}/fd/${fd}`)
  return present === target || present === `${target} (deleted)`
}

function ownLogAmong(pid: number, descriptors: readonly { fd: number; target: string }[]): Found | null {
  for (const { fd, target } of descriptors) {
    if (!target.includes('/mcp_')) continue
    const path = target.replace(DELETED, '')
    const name = parseLogName(path)
    if (!name || !isWrittenFile(pid, fd) || !isOwn(pid, fd, name)) continue
    const isHere = path !== target || isSameFile(`/proc/${pid}/fd/${fd}`, path)
    return { fd, target, log: isHere ? path : `/proc/${pid}/root${path}` }
  }
  return null
}

/** In a sandbox that has folders of its own, the path means another file than here. */
function isSameFile(open: string, path: string): boolean {
  const [one, other] = [open, path].map((file) => statSync(file, { throwIfNoEntry: false }))
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino
}

function isWrittenFile(pid: number, fd: number): boolean {
  const flags = /^flags:\s+([0-7]+)/m.exec(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1]
  if (flags === undefined || (Number.parseInt(flags, 8) & ACCESS_MODE) === 0) return false
  return statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false })?.isFile() ?? false
}

/** Serena writes the pid that it has in its own pid namespace. */
function isOwn(pid: number, fd: number, { pid: named, isExact, serenaHome }: LogName): boolean {
  const own = parseInnerPids(readProcText(`/proc/${pid}/status`) ?? '').at(-1) ?? pid
  if (named === null) return pidInHead(`/proc/${pid}/fd/${fd}`) === own
  return named === own && (isExact || isItsHome(pid, serenaHome))
}

/** 0.1.x writes its pid into the log instead. */
function pidInHead(file: string): number | null {
  const named = /Starting Serena server \(version=[^,)]*, process id=(\d+)/.exec(
    readProcText(file) ?? '',
  )?.[1]
  return named === undefined ? null : Number(named)
}

function isItsHome(pid: number, serenaHome: string): boolean {
  const text = readWhole(`/proc/${pid}/environ`)
  if (text === null) return false
  const environment = parseEnvironment(text, HOME_VARIABLES)
  const cwd = readLink(`/proc/${pid}/cwd`)
  const home = resolveSerenaHome({ environment, cwd, userHome: null, platform: 'linux' })
  return home !== null && realPath(home) === realPath(serenaHome)
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    // Removed meanwhile, or not ours to read.
    return folder
  }
}
