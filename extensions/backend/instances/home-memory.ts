// What is remembered of the location of an instance's files: its SERENA_HOME and its log.
import { HOME_VARIABLES } from '../lib/serena-home.ts'
import type { ProcessDetails, ProcessFact, ProcessSource } from '../os/process-facts.ts'
import { createHomeLookup, ownLogOf } from '../serena/home-of-instance.ts'

/** A log that names no dashboard within this time does not name one later. */
const LOG_HEAD_PATIENCE_MS = 5 * 60_000

export interface LogHead {
  serenaVersion: string | null
  dashboardPort: number | null
  dashboardAddress: string | null
}

export interface HomeMemoryDeps {
  source: Pick<ProcessSource, 'details'>
  logs: {
    readHead: (file: string) => Promise<LogHead | null>
    modifiedAtMs: (file: string) => number | null
    /** The log of that process below that home. */
    find: (serenaHome: string, pid: number, startedAtMs: number) => Promise<string | null>
  }
  /** The home in which to search the log of a process whose environment is not readable. */
  homesToTry: readonly string[]
}

export interface HomeFacts {
  details: ProcessDetails | null
  /** The SERENA_HOME it runs with; null: its environment cannot be read. */
  serenaHome: string | null
  /** Its own log; null: not found. */
  logFile: string | null
  logModifiedAtMs: number | null
  logHead: LogHead | null
}

export interface HomeMemory {
  readonly facts: Readonly<HomeFacts>
  /** `isKept`: the details that were read last are used again. */
  renew(process: ProcessFact, ageMs: number, isKept: boolean): Promise<void>
  /** True when the log was written since the last call or round. */
  takeLogChange(): boolean
}

/** Creates the memory of one instance. */
export function createHomeMemory({ source, logs, homesToTry }: HomeMemoryDeps): HomeMemory {
  const homeOf = createHomeLookup()
  /** A relative SERENA_HOME is resolved from here. */
  let firstFolder: string | null = null
  const facts: HomeFacts = {
    details: null,
    serenaHome: null,
    logFile: null,
    logModifiedAtMs: null,
    logHead: null,
  }

  return {
    facts,
    async renew(process, ageMs, isKept) {
      if (!isKept) facts.details = newerDetails(facts.details, await source.details(process, HOME_VARIABLES))
      const { details } = facts
      firstFolder ??= details?.cwd ?? null
      const ownLog = ownLogOf(process, details)
      facts.serenaHome = homeOf(details?.environment ?? null, firstFolder, ownLog) ?? facts.serenaHome
      Object.assign(facts, await findHomeByLog(facts, process, { logs, homesToTry }))
      facts.logFile ??= await findLogInHome(facts, process, logs)
      facts.logFile = ownLog ?? openLogOf(details, facts.serenaHome) ?? facts.logFile
      if (facts.logFile === null) return
      facts.logModifiedAtMs = logs.modifiedAtMs(facts.logFile)
      if (isHeadDue(facts.logHead, ageMs)) facts.logHead = await logs.readHead(facts.logFile)
    },
    takeLogChange() {
      const modifiedAtMs = facts.logFile === null ? null : logs.modifiedAtMs(facts.logFile)
      const hasChanged = modifiedAtMs !== facts.logModifiedAtMs
      facts.logModifiedAtMs = modifiedAtMs
      return hasChanged
    },
  }
}

/** A failed read keeps what was known before. */
const newerDetails = (known: ProcessDetails | null, read: ProcessDetails): ProcessDetails =>
  read.environment === null && known !== null && known.environment !== null ? known : read

/** Where the environment cannot be read, the folder of the process's log is its home. Null: it is known, or there is no log. */
async function findHomeByLog(
  { serenaHome, details }: HomeFacts,
  { pid, startedAtMs }: ProcessFact,
  { logs, homesToTry }: Pick<HomeMemoryDeps, 'logs' | 'homesToTry'>,
): Promise<Pick<HomeFacts, 'serenaHome' | 'logFile'> | null> {
  if (serenaHome !== null || !details?.isUnavailable) return null
  for (const home of homesToTry) {
    const logFile = await logs.find(home, pid, startedAtMs)
    if (logFile !== null) return { serenaHome: home, logFile }
  }
  return null
}

/** Where no open files are reported, the log in the known home that is named by its pid is its log. */
async function findLogInHome(
  { serenaHome, details }: HomeFacts,
  { pid, startedAtMs }: ProcessFact,
  logs: HomeMemoryDeps['logs'],
): Promise<string | null> {
  return serenaHome === null || !details?.hasNoOpenFiles ? null : logs.find(serenaHome, pid, startedAtMs)
}

function isHeadDue(head: LogHead | null, ageMs: number): boolean {
  const isWhole = head !== null && head.serenaVersion !== null && head.dashboardPort !== null
  return !isWhole && (head === null || ageMs < LOG_HEAD_PATIENCE_MS)
}

function openLogOf(details: ProcessDetails | null, serenaHome: string | null): string | null {
  const files = details?.openLogFiles ?? []
  return files.find((file) => serenaHome !== null && file.startsWith(serenaHome)) ?? files[0] ?? null
}
