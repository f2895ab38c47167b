// Whether a process of that pid may run: for checks in which "no" requires proof.
import { codeOf } from '../lib/error-code.ts'

/** Returns false only if the kernel knows no such process. */
export function processMayRun(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs and belongs to another user.
    return codeOf(error) !== 'ESRCH'
  }
}
