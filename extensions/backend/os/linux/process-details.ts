// What is read only of a Serena: folder, environment, debugger, freezer, namespace, open logs, memory.
import { basename, dirname } from 'node:path'
import type { MemoryReading, ProcessDetails, ProcessFact, ProgramFacts } from '../process-facts.ts'
import { readContainer } from './container.ts'
import { parseCgroup, parseEnvironment, parseNumberLine, parseTerminal } from './parse-proc.ts'
import { type PidPlace, readPidPlace } from './pid-namespace.ts'
import { listDescriptors, readLink, readProcText, readWhole } from './read-proc.ts'

/** Details that were not requested for this long belong to a process that has exited. */
const FORGOTTEN_MS = 60_000

const NOTHING: ProcessDetails = {
  cwd: null,
  environment: null,
  tracerPid: null,
  isFrozen: null,
  isForeignNamespace: null,
  openLogFiles: null,
}

/** An exec changes environment and files but not the identity: what a young process has is not remembered. */
const SETTLED_MS = 15_000

type Lasting = Pick<
  ProcessDetails,
  'environment' | 'isForeignNamespace' | 'inner' | 'openLogFiles' | 'container'
>

/**
 * Creates a reader that remembers what cannot change any more. It answers the details of a process, all null if another process has its
 * pid by now; `identityOf` reads the present identity.
 */
export function createDetailsReader(
  identityOf: (pid: number) => string | null,
  now: () => number = Date.now,
): (process: ProcessFact, variables: readonly string[]) => ProcessDetails {
  const known = new Map<string, { lasting: Lasting; usedAtMs: number }>()

  function lastingOf({ identity, pid, startedAtMs }: ProcessFact, variables: readonly string[]): Lasting {
    const key = `${identity} ${variables.join(' ')}`
    const before = known.get(key)
    if (before) {
      before.usedAtMs = now()
      return before.lasting
    }
    const environment = readWhole(`/proc/${pid}/environ`)
    const { isForeign, inner }: PidPlace = readPidPlace(pid)
    const container = readContainer(pid)
    const lasting: Lasting = {
      environment: environment === null ? null : parseEnvironment(environment, variables),
      isForeignNamespace: isForeign,
      ...(inner && { inner }),
      openLogFiles: readOpenLogs(pid),
      ...(container && { container }),
    }
    // Serena keeps its one log open from its start to its end.
    const isWhole = lasting.environment !== null && (lasting.openLogFiles?.length ?? 0) > 0
    if (isWhole && now() - startedAtMs > SETTLED_MS) {
      for (const [old, { usedAtMs }] of known) if (now() - usedAtMs > FORGOTTEN_MS) known.delete(old)
      known.set(key, { lasting, usedAtMs: now() })
    }
    return lasting
  }

  return (process, variables) => {
    const folder = `/proc/${process.pid}`
    const details: ProcessDetails = {
      ...lastingOf(process, variables),
      cwd: readLink(`${folder}/cwd`),
      tracerPid: parseNumberLine(readProcText(`${folder}/status`) ?? '', 'TracerPid'),
      isFrozen: readFrozen(folder),
      terminal: parseTerminal(readProcText(`${folder}/stat`) ?? ''),
    }
    return identityOf(process.pid) === process.identity ? details : NOTHING
  }
}

/** Returns the PSS where readable, else the RSS of the list; null: the process has exited. */
export function readMemory(
  process: ProcessFact,
  identityOf: (pid: number) => string | null,
): MemoryReading | null {
  if (identityOf(process.pid) !== process.identity) return null
  const pssKilobytes = parseNumberLine(readProcText(`/proc/${process.pid}/smaps_rollup`) ?? '', 'Pss')
  if (pssKilobytes !== null) return { bytes: pssKilobytes * 1024, kind: 'pss' }
  return process.rssBytes === null ? null : { bytes: process.rssBytes, kind: 'rss' }
}

/** Returns where its program is, and whether its paths are ours; null: another process has its pid by now. */
export function readProgram(
  { pid, identity }: ProcessFact,
  identityOf: (pid: number) => string | null,
): ProgramFacts | null {
  const folder = `/proc/${pid}`
  const program = { executable: readLink(`${folder}/exe`), isForeignMounts: readForeignMounts(folder) }
  return identityOf(pid) === identity ? program : null
}

function readForeignMounts(folder: string): boolean | null {
  const own = readLink('/proc/self/ns/mnt')
  const theirs = readLink(`${folder}/ns/mnt`)
  const root = readLink(`${folder}/root`)
  if (own === null || theirs === null || root === null) return null
  return own !== theirs || root !== readLink('/proc/self/root')
}

function readFrozen(folder: string): boolean | null {
  const cgroup = readProcText(`${folder}/cgroup`)
  if (cgroup === null) return null
  const { unified, freezer } = parseCgroup(cgroup)
  if (freezer !== null) {
    const state = readProcText(`/sys/fs/cgroup/freezer${freezer}/freezer.state`)
    if (state !== null) return state.trim() !== 'THAWED'
  }
  if (unified === null) return null
  const events = readProcText(`/sys/fs/cgroup${unified}/cgroup.events`)
  // The root group has no such file and cannot be frozen.
  return events === null ? false : /^frozen 1$/m.test(events)
}

/** Serena keeps its log open: SERENA_HOME/logs/<date>/mcp_<time>_<pid>.txt. */
function readOpenLogs(pid: number): readonly string[] | null {
  const descriptors = listDescriptors(pid)
  if (!descriptors) return null
  const files = descriptors.map(({ target }) => target).filter((target) => target.startsWith('/'))
  return [...new Set(files.filter(isLog))]
}

const isLog = (file: string): boolean =>
  /\.(txt|log)$/.test(file) &&
  [dirname(file), dirname(dirname(file))].some((folder) => basename(folder) === 'logs')
