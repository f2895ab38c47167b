// What runs now compared with the entries, starts that ended at once, and files that nothing uses.
import { formatBytes, formatSpan } from '#contract/units'
import type { Diagnosis } from '../diagnosis.ts'
import { joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact, RunningFact, UnusedFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis } from '../make-diagnosis.ts'

/** Serenas that a client started before its file was changed, with other arguments: the change waits for a restart. */
export function oldInstances(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const old = facts.running.filter(
      (one) =>
        one.client === fact.client.name &&
        !one.isOfHub &&
        one.startedAtMs < fact.file.modifiedAtMs &&
        isOfEntry(one, fact),
    )
    // Another entry of the same client explains it.
    const unexplained = old.filter(
      (one) =>
        !startingEntries(facts).some(
          (other) => other.entry.client === fact.entry.client && isSame(one, other),
        ),
    )
    if (unexplained.length === 0) return []
    return [
      entryDiagnosis(fact, {
        kind: 'restart-client',
        severity: 'info',
        title: `Restart ${fact.client.name}: it still runs a Serena from before the last change of its configuration.`,
        why: `${fact.client.name} reads the file only at its start, or at the start of a session.`,
        advice: `Restart ${joined(unexplained.map(({ clientPid }) => (clientPid === null ? fact.client.name : `${fact.client.name} (pid ${clientPid})`)))}.`,
        evidence: unexplained.map(({ pid, argv }) => `pid ${pid}: ${argv.slice(-6).join(' ')}`),
      }),
    ]
  })
}

/** The entry of a project explains only instances in that project. */
const isOfEntry = ({ cwd }: RunningFact, { entry }: EntryFact): boolean =>
  entry.project === null || (cwd !== null && (cwd === entry.project || cwd.startsWith(`${entry.project}/`)))

/** Whether the arguments of Serena are equal. */
function isSame(one: RunningFact, { command }: EntryFact): boolean {
  const running = one.command
  if (running === null || command === null) return true
  return (
    running.project === command.project &&
    running.isProjectFromCwd === command.isProjectFromCwd &&
    running.context === command.context &&
    running.transport === command.transport &&
    running.isDashboardEnabled === command.isDashboardEnabled &&
    running.modes.join() === command.modes.join()
  )
}

/** Starts that ended within ten seconds with an error. */
export const crashedStarts = ({ crashes }: DoctorFacts): Diagnosis[] => {
  const byError = new Map(crashes.map((crash) => [crash.cause ?? crash.error, crash]))
  return [...byError.values()].map((crash) => {
    const same = crashes.filter((one) => (one.cause ?? one.error) === (crash.cause ?? crash.error))
    return generalDiagnosis({
      kind: 'crashed-start',
      key: crash.cause ?? crash.error,
      file: crash.log,
      severity: 'error',
      title: `Serena exited ${formatSpan(crash.lifetimeMs)} after its start: ${crash.error}`,
      why: crash.cause ?? 'Its log has no known cause.',
      advice: crash.cause === null ? 'Read its log.' : '',
      evidence: same.slice(-3).map(({ log, atMs }) => `${new Date(atMs).toISOString()} ${log}`),
    })
  })
}

const WORDS: Readonly<Record<UnusedFact['kind'], string>> = {
  logs: 'Old logs',
  'language-server': 'A language server that no version uses',
  cache: 'A cache that no version uses',
}

/** Folders that only take space. */
export const unusedFiles = ({ unused }: DoctorFacts): Diagnosis[] =>
  unused.map(({ kind, folder, bytes, reason }) =>
    generalDiagnosis({
      kind: 'unused-files',
      key: folder,
      file: folder,
      severity: 'info',
      title: `${WORDS[kind]} ${kind === 'logs' ? 'take' : 'takes'} ${formatBytes(bytes)}: ${folder}.`,
      why: reason,
      advice: 'Remove the folder.',
      evidence: [`${folder}: ${formatBytes(bytes)}`],
    }),
  )
