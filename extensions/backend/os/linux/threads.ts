// A process whose first thread has exited: the kernel calls it a zombie (state Z), but its other threads run on, hold its descriptors
// and can be signaled. Only what /proc/PID/task says tells it from one that has ended.
import { parseStat, type StatLine } from './parse-proc.ts'
import { listThreads, readProcText } from './read-proc.ts'

/** Returns the letter of the process as a whole: that of a running thread where the first one has exited. */
export function runStateOf(pid: number, stat: StatLine): string {
  if (stat.runState !== 'Z' || stat.threads < 2) return stat.runState
  return runningThread(pid)?.runState ?? stat.runState
}

/** A thread that runs, other than the first; null: there is none. */
export function runningThread(pid: number): { tid: number; runState: string } | null {
  for (const tid of listThreads(pid)) {
    if (tid === pid) continue
    const stat = parseStat(readProcText(`/proc/${pid}/task/${tid}/stat`) ?? '')
    if (stat && stat.runState !== 'Z' && stat.runState !== 'X') return { tid, runState: stat.runState }
  }
  return null
}
