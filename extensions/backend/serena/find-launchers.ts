// Which launchers run above which instance, so that a launcher's pid names its instance.

import { createProcessSource } from '../os/platform-source.ts'
import { findSerenas } from './serena-processes.ts'

/** Returns the pid of each launcher (`uvx`, `sh -c`, `cmd /c`), mapped to the pid of its instance. */
export async function findLaunchers(platform: NodeJS.Platform): Promise<Map<number, number>> {
  const serenas = findSerenas(await createProcessSource(platform).list())
  return new Map(serenas.flatMap(({ process, wrappers }) => wrappers.map(({ pid }) => [pid, process.pid])))
}
