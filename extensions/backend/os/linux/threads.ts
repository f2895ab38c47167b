// A process whose first thread has exited: the kernel calls it a zombie (state Z), but its other threads run on, hold its descriptors
// and can be signaled. Only /proc/PID/task distinguishes it from one that has exited.
import { parseStat, type StatLine } from './parse-proc.ts'
import { listThreads, readProcText } from './read-proc.ts'

/** Returns the letter of the process as a whole: that of a running thread where the first one has exited. */
export function runStateOf(pid: number, stat: StatLine): string {
  if (stat.runState !== 'Z' || stat.threads < 2) return stat.runState
  return runningThread(pid)?.runState ?? stat.runState
}

/** Returns a thread that runs, other than the first; null: there is none. */
export function runningThread(pid: number): { tid: number; runState: string } | null {
  for (const tid of listThreads(pid)) {
    if (tid === pid) continue
    const stat = parseStat(readProcText(`/proc/${pid}/task/${tid}/stat`) ?? '')
    if (stat && stat.runState !== 'Z' && stat.runState !== 'X') return { tid, runState: stat.runState }
  }
  return null
}

/** The number of read(2), which depends on the architecture; null: not known here. */
const SYS_READ = process.arch === 'x64' ? '0' : process.arch === 'arm64' ? '63' : null

/** Returns the descriptors that threads of a process are waiting to read from; empty without permission. */
export function descriptorsBeingRead(pid: number): ReadonlySet<number> {
  const found = listThreads(pid).flatMap((tid) => {
    // `0 0x8 0x7f…`: the number of the call, then its arguments (man proc_pid_syscall).
    const [call, fd] = (readProcText(`/proc/${pid}/task/${tid}/syscall`) ?? '').split(' ')
    return call === SYS_READ && fd !== undefined ? [Number(fd)] : []
  })
  return new Set(found)
}
