// Waits for scans of the backend instead of a time: when a scan is complete, the actions that it triggers have started.
import type { RouteAnswer } from '#contract/routes'
import type { TestBackend } from './backend.ts'
import { waitUntil } from './wait-until.ts'

/** Runs `count` scans, one after the other, and resolves to the list of the last one. */
export async function runSweeps(backend: TestBackend, count: number): Promise<RouteAnswer<'sweep'>> {
  let list = await backend.call('sweep')
  for (let done = 1; done < count; done++) list = await backend.call('sweep')
  return list
}

/** Waits for `count` scheduled scans of the backend; one runs at least every 15 s. */
export async function untilOwnSweeps(backend: TestBackend, count: number): Promise<void> {
  const seen = new Set<string>()
  const hasSwept = async (): Promise<boolean> => {
    seen.add((await backend.call('instances')).sweptAt)
    return seen.size > count
  }
  await waitUntil(`${count} scans`, hasSwept, { timeoutMs: count * 20_000, everyMs: 200 })
}
