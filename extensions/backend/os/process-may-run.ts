// Whether a process of that pid may run: for questions where "no" needs proof.

/** False only when the kernel knows no such process. */
export function processMayRun(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
