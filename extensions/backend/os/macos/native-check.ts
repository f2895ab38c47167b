// Whether native calls can be believed on this machine. They were written after Apple's headers and never run on a Mac, and a later macOS
// may change a structure. So before they are used, what they say of this process, of a pipe and of a pair of sockets made for the purpose is
// compared with what is known. If anything differs, `ps` and `lsof` are used instead.
import { statSync } from 'node:fs'
import type { MacosCalls } from './native-calls.ts'
import type { ChannelEnd } from './native-descriptors.ts'
import type { NativeFiles } from './native-files.ts'
import type { NativeReader } from './native-reader.ts'

const AF_UNIX = 1
const SOCK_STREAM = 1
/** 2001: an earlier start is a wrong offset. */
const EARLIEST_MS = 1_000_000_000_000
const CLOCK_SLACK_MS = 60_000

export interface CheckDeps {
  calls: Pick<MacosCalls, 'pipe' | 'socketpair' | 'close'>
  reader: NativeReader
  files: NativeFiles
  own: { pid: number; ppid: number; uid: number; argv0: string }
  now(): number
}

/** Returns what is wrong, in a few words; null: everything agrees. */
export function findCallProblem(deps: CheckDeps): string | null {
  return (
    findFactProblem(deps) ??
    findPairProblem(deps, 'pipe', (ends) => deps.calls.pipe(ends)) ??
    findPairProblem(deps, 'socket', (ends) => deps.calls.socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
  )
}

function findFactProblem({ reader, own, now }: CheckDeps): string | null {
  const pids = reader.pids()
  if (pids === null || !pids.includes(own.pid) || !pids.includes(1))
    return 'the list of processes is incomplete'
  const fact = reader.process(own.pid)
  if (typeof fact === 'string') return 'this process cannot be read'
  if (fact.ppid !== own.ppid || fact.uid !== own.uid) return 'the parent or the user of this process differs'
  const startedAtMs = fact.startedAtUs / 1000
  if (startedAtMs < EARLIEST_MS || startedAtMs > now() + CLOCK_SLACK_MS)
    return 'the start of this process differs'
  const first = reader.process(1)
  if (typeof first === 'string' || first.ppid !== 0) return 'launchd cannot be read'
  if (reader.arguments(own.pid)?.argv[0] !== own.argv0) return 'the arguments of this process differ'
  const cwd = reader.folders(own.pid)?.cwd ?? null
  if (cwd !== null && !isThisFolder(cwd)) return 'the working folder of this process differs'
  return null
}

function isThisFolder(path: string): boolean {
  try {
    return statSync(path).ino === statSync('.').ino
  } catch {
    // Removed: there is nothing to compare.
    return true
  }
}

/** An end whose other end was closed is the proof of an orphan, so exactly that is tried. */
function findPairProblem(
  { calls, files, own }: CheckDeps,
  kind: 'pipe' | 'socket',
  open: (ends: Int32Array) => number,
): string | null {
  const ends = new Int32Array(2)
  if (open(ends) !== 0) return `a ${kind} cannot be made`
  const [first = -1, second = -1] = ends
  const endAt = (fd: number): ChannelEnd | null => {
    const found = files.descriptor(own.pid, fd, kind)
    return found?.kind === kind ? found : null
  }
  let isSecondOpen = true
  try {
    const [reader, writer] = [endAt(first), endAt(second)]
    if (!reader || !writer || !areOnePair(reader, writer)) return `the two ends of a ${kind} differ`
    calls.close(second)
    isSecondOpen = false
    const left = endAt(first)
    return left?.handle === reader.handle && left.peer === null
      ? null
      : `the closed end of a ${kind} is not reported`
  } finally {
    calls.close(first)
    if (isSecondOpen) calls.close(second)
  }
}

const areOnePair = (first: ChannelEnd, second: ChannelEnd): boolean =>
  first.peer === second.handle &&
  second.peer === first.handle &&
  first.handle !== second.handle &&
  first.canRead &&
  second.canWrite &&
  (first.kind === 'socket' || (!first.canWrite && !second.canRead))
