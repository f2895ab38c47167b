// Ends the running backend, whose identity is proven, and its window.
import type { BackendClient } from '../access/backend-client.ts'
import { endOwnProcess } from '../os/end-own-process.ts'

/** Ends the backend; resolves when its process has exited. AppError `own-process-stays`. */
export async function endBackend(running: BackendClient, platform: NodeJS.Platform): Promise<void> {
  // The window first: without a backend it would wait for a new one.
  await running.call('closeWindow')
  await endOwnProcess(running.pid, platform)
}
