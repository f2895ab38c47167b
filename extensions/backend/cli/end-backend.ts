// Ending the running backend, which has proven itself, and the window that it shows.
import type { BackendClient } from '../backend-client.ts'
import { endOwnProcess } from '../os/end-own-process.ts'

/** Resolves when it is gone. AppError `own-process-stays`. */
export async function endBackend(running: BackendClient, platform: NodeJS.Platform): Promise<void> {
  // The window first: without its backend it would stand there and wait for one.
  await running.call('closeWindow')
  await endOwnProcess(running.pid, platform)
}
