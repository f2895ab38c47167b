// Children that end with this process. Only Windows needs code for that, and only there it is loaded: `wrap` runs beside every Serena.
import type { ChildProcess } from 'node:child_process'

/** Runs `start`, and returns its child. */
export type StartInJob = <Child extends ChildProcess>(start: () => Child) => Child

/** Resolves to what starts a child, on Windows in a job. */
export async function loadStartInJob(platform: NodeJS.Platform = process.platform): Promise<StartInJob> {
  if (platform !== 'win32') return (start) => start()
  const { startInJob } = await import('./windows/job.ts')
  return startInJob
}
