// What runs now compared with the entries, starts that ended at once, and files that nothing uses.
import { formatBytes, formatSpan } from '#contract/units'
import { CONFIG_CLIENTS } from '../../clients/configs/config-clients.ts'
import type { ConfigEntry } from '../../clients/configs/config-entry.ts'
import { maskedWords } from '../../serena/launch-command.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact, RunningFact, UnusedFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis } from '../make-diagnosis.ts'
import { isNamed } from '../running-clients.ts'

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
        title: `Restart ${fact.client.name}: it still runs a Serena from before the last change to its configuration.`,
        why: `${fact.client.name} reads the file only at its start, or at the start of a session.`,
        advice: `Restart ${joined(unexplained.map(({ clientPid }) => (clientPid === null ? fact.client.name : `${fact.client.name} (pid ${clientPid})`)))}.`,
        evidence: unexplained.map(commandText),
      }),
    ]
  })
}

const commandText = ({ pid, argv }: RunningFact): string => `process ${pid}: ${maskedWords(argv).join(' ')}`

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

/**
 * Serenas that no entry explains. Only where that is certain: all files were read, the client takes servers from nowhere else, and none of
 * its entries can start a Serena, whatever its name.
 */
export function unexplainedInstances(facts: DoctorFacts): Diagnosis[] {
  if (facts.unread.length > 0) return []
  return facts.running.flatMap((one) => {
    const { pid, clientFolder, clientPid } = one
    const client = CONFIG_CLIENTS.find(({ name, isFullyRead }) => isFullyRead && isNamed(one.client, name))
    if (!client || one.isOfHub || !one.readsSameFiles) return []
    if (clientFolder === null || !facts.roots.includes(clientFolder)) return []
    if (facts.servers.some((entry) => entry.client === client.id && canStartSerena(entry, clientFolder)))
      return []
    return [
      generalDiagnosis({
        kind: 'unexplained-instance',
        key: `${client.id} ${clientFolder}`,
        client: client.id,
        severity: 'info',
        title: `No configuration of ${client.name} explains its Serena (process ${pid}) in ${clientFolder}.`,
        why: `Its entry may have been removed since, or a command in the conversation started it. It runs until ${client.name} exits.`,
        advice: `Restart ${client.name}${clientPid === null ? '' : ` (process ${clientPid})`} if you do not use it.`,
        evidence: [
          commandText(one),
          `Read: ${joined(filesOf(facts, client.id)) || `no file of ${client.name} has a server`}`,
        ],
      }),
    ]
  })
}

/** A package runner is the parent of what it starts, so that a Serena below it is not the client's own. */
const RUNNER = /(^|[\\/])(npx|bunx|pnpx|uvx|docker|podman)(\.exe|\.cmd)?$/i

function canStartSerena({ command, project }: ConfigEntry, folder: string): boolean {
  if (command === null || (project !== null && project !== folder)) return false
  const [program = ''] = command
  return !RUNNER.test(program) || command.some((word) => /serena/i.test(word))
}

const filesOf = ({ servers }: DoctorFacts, client: string): string[] => [
  ...new Set(servers.filter((entry) => entry.client === client).map(({ file }) => file)),
]

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
      why: crash.cause ?? 'The cause is not known.',
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
