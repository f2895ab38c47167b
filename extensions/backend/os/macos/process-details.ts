// What is read only of a Serena on a Mac: folder and open logs by lsof, environment by `ps -E`.
import { NO_DETAILS } from '../no-details.ts'
import type { ProcessDetails, ProcessFact } from '../process-facts.ts'
import type { OpenFilesLookup } from './open-files.ts'
import type { OpenFiles } from './parse-lsof.ts'
import { parseEnvironment } from './parse-ps.ts'
import type { MacosProcessList, Ps } from './process-list.ts'

/** Folder and log do not change once the log is open. */
const SETTLED_MS = 30_000
const UNSETTLED_MS = 2_000
/** An environment stays as it was at the start; one that was withheld is read again after this time. */
const WITHHELD_MS = 60_000
const MAX_REMEMBERED = 1_000

export interface DetailsDeps {
  processes: Pick<MacosProcessList, 'read'>
  openFiles: OpenFilesLookup
  ps: Ps
  now: () => number
}

interface Remembered {
  environment: Readonly<Record<string, string>> | null
  variables: readonly string[]
  readAtMs: number
}

/** Creates a reader of details that remembers environments. All null if another process has the pid by now. */
export function createDetailsReader({
  processes,
  openFiles,
  ps,
  now,
}: DetailsDeps): (process: ProcessFact, variables: readonly string[]) => Promise<ProcessDetails> {
  const remembered = new Map<string, Remembered>()

  /** `other`: another process has that pid. */
  async function environmentOf(
    process: ProcessFact,
    variables: readonly string[],
  ): Promise<Remembered['environment'] | 'other'> {
    // The arguments too: an exec may bring another environment.
    const key = `${process.identity} ${(process.argv ?? []).join(' ')}`
    const before = remembered.get(key)
    if (before && isStillTrue(before, variables, now())) return before.environment
    const row = await processes.read(process.pid)
    if (row?.fact.identity !== process.identity) return 'other'
    const answer =
      variables.length === 0 ? null : await ps(['-E', '-ww', '-p', String(process.pid), '-o', 'args='])
    const isAnswer = answer !== null && answer.exitCode === 0
    const environment = isAnswer ? parseEnvironment(answer.stdout, row.command, variables) : null
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(key, { environment, variables, readAtMs: now() })
    return environment
  }

  return async (process, variables) => {
    const files = (await openFiles([process], maxAgeMs)).get(process.pid) ?? null
    const environment = await environmentOf(process, variables)
    if (environment === 'other') return NO_DETAILS
    return { ...NO_DETAILS, cwd: files?.cwd ?? null, environment, openLogFiles: files?.openLogFiles ?? null }
  }
}

const maxAgeMs = (files: OpenFiles | null): number =>
  files !== null && files.openLogFiles.length > 0 ? SETTLED_MS : UNSETTLED_MS

const isStillTrue = (before: Remembered, variables: readonly string[], nowMs: number): boolean =>
  variables.every((name) => before.variables.includes(name)) &&
  (before.environment !== null || nowMs - before.readAtMs < WITHHELD_MS)
