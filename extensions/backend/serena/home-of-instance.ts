// The SERENA_HOME of an instance: from its environment and from the path of its open log. If they disagree, the log decides.
import { dirname, join, resolve } from 'node:path'
import { parseLogName, resolveSerenaHome } from '../lib/serena-home.ts'
import { realPath } from '../os/files/real-path.ts'
import { userDatabaseHome } from '../os/paths.ts'
import type { ProcessDetails, ProcessFact } from '../os/process-facts.ts'

/** Returns the log that it writes itself; null: it has none open, or the platform does not list open files. */
export function ownLogOf(process: ProcessFact, details: ProcessDetails | null): string | null {
  if (process.serenaLog !== undefined) return process.serenaLog
  const files = details?.openLogFiles ?? []
  const named = files.map((file) => ({ file, pid: parseLogName(file)?.pid }))
  // 0.1.x writes no pid.
  return (named.find(({ pid }) => pid === process.pid) ?? named.find(({ pid }) => pid === null))?.file ?? null
}

/** Creates `homeOfInstance` for one process: resolved again only after a fact changed, because it costs several real paths. */
export function createHomeLookup(): typeof homeOfInstance {
  let last: { facts: Parameters<typeof homeOfInstance>; home: string | null } | null = null
  return (...facts) => {
    // A home that does not exist yet may be a link later.
    const isSame =
      last?.home != null && facts[2] !== null && facts.every((fact, at) => fact === last?.facts[at])
    if (!isSame) last = { facts, home: homeOfInstance(...facts) }
    return last?.home ?? null
  }
}

/**
 * Returns the SERENA_HOME of an instance, by its environment or its log; null: neither is known. `cwd`: its working folder when it was
 * first seen.
 */
export function homeOfInstance(
  environment: ProcessDetails['environment'],
  cwd: string | null,
  log: string | null,
): string | null {
  const userHome = userDatabaseHome()
  const chosen = environment && resolveSerenaHome({ environment, cwd, userHome, platform: process.platform })
  const home = chosen === null ? null : realFolder(chosen)
  const name = log === null ? null : parseLogName(log)
  if (log === null || name === null) return home
  // Its folder `logs` may be a link to another place.
  const logs = dirname(dirname(log))
  return home !== null && realFolder(join(home, 'logs')) === logs ? home : realFolder(name.serenaHome)
}

/** A path through another process's root has no real path here. */
const THROUGH_ROOT = /^\/proc\/\d+\/root\//

/** Returns the folder's real path, or as given when it does not exist (yet). */
export function realFolder(folder: string): string {
  if (THROUGH_ROOT.test(folder)) return resolve(folder)
  try {
    return realPath(folder)
  } catch {
    // It does not exist yet: Serena creates it at its first start.
    return resolve(folder)
  }
}
