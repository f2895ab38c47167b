// The SERENA_HOME of an instance: what its environment says, and where its open log lies, which decides where they disagree.
import { realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ProcessDetails, ProcessFact } from '../../facts.ts'
import { parseLogName, resolveSerenaHome } from '../../lib/serena-home.ts'
import { userDatabaseHome } from '../../os/paths.ts'

/** The log that it writes itself; null: it has none open, or the platform does not list open files. */
export function ownLogOf(process: ProcessFact, details: ProcessDetails | null): string | null {
  if (process.serenaLog !== undefined) return process.serenaLog
  const files = details?.openLogFiles ?? []
  const named = files.map((file) => ({ file, pid: parseLogName(file)?.pid }))
  // 0.1.x writes no pid.
  return (named.find(({ pid }) => pid === process.pid) ?? named.find(({ pid }) => pid === null))?.file ?? null
}

/** Null: neither is known. `cwd`: its working folder when it was first seen. */
export function homeOfInstance(
  environment: ProcessDetails['environment'],
  cwd: string | null,
  log: string | null,
): string | null {
  const userHome = userDatabaseHome()
  const told = environment && resolveSerenaHome({ environment, cwd, userHome, platform: process.platform })
  const home = told === null ? null : realFolder(told)
  const name = log === null ? null : parseLogName(log)
  if (log === null || name === null) return home
  // Its folder `logs` may be a link to another place.
  const logs = dirname(dirname(log))
  return home !== null && realFolder(join(home, 'logs')) === logs ? home : realFolder(name.serenaHome)
}

/** A path through another process's root has no real path here. */
const THROUGH_ROOT = /^\/proc\/\d+\/root\//

/** The folder's real path, or as given when it does not exist (yet). */
export function realFolder(folder: string): string {
  if (THROUGH_ROOT.test(folder)) return resolve(folder)
  try {
    return realpathSync(folder)
  } catch {
    // Not there yet: Serena makes it at its first start.
    return resolve(folder)
  }
}
