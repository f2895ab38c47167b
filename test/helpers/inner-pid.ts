// Finds processes of another pid namespace.
import { readFileSync, readlinkSync } from 'node:fs'
import { parentsByPid } from './processes.ts'

/** Returns the pid here of the process with the pid `inner` in the namespace of process `inside`. */
export function innerToOuterPid(inner: number, inside: number): number {
  const found = [...parentsByPid().keys()].find((pid) => {
    try {
      if (readlinkSync(`/proc/${pid}/ns/pid`) !== readlinkSync(`/proc/${inside}/ns/pid`)) return false
      const pids = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? ''
      return Number(pids.trim().split(/\s+/).at(-1)) === inner
    } catch {
      // It has just exited.
      return false
    }
  })
  if (found === undefined) throw new Error(`no process with the inner pid ${inner}`)
  return found
}
