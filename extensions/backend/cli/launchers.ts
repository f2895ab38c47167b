// Which launchers stand before which instance, so that a launcher's pid names its instance.
import { findSerenas } from '../features/sweep/serena-processes.ts'
import { createProcessSource } from '../os/process-source.ts'

/** Pid of each launcher (`uvx`, `sh -c`, `cmd /c`) to the pid of its instance. */
export async function findLaunchers(platform: NodeJS.Platform): Promise<Map<number, number>> {
  const serenas = findSerenas(await createProcessSource(platform).list())
  return new Map(serenas.flatMap(({ process, wrappers }) => wrappers.map(({ pid }) => [pid, process.pid])))
}
