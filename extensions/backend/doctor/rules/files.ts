// Files that a client does not read, or no longer reads, and entries that it ignores.
import { fixOf } from '../argument-changes.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis } from '../make-diagnosis.ts'

/** A configuration that cannot be read: its client starts nothing from it. */
export const unreadConfigs = ({ unread }: DoctorFacts): Diagnosis[] =>
  unread.map(({ client, file, reason }) =>
    generalDiagnosis({
      kind: 'unread-config',
      key: file,
      client,
      file,
      line: lineIn(reason),
      severity: 'error',
      title: `${file} cannot be read.`,
      why: `${sentence(reason)} The client starts no server from it.`,
      advice: 'Correct the file. Serena Deck does not change it.',
      evidence: [`${file}:${lineIn(reason) ?? 1}`],
    }),
  )

const lineIn = (reason: string): number | null => {
  const found = /\bline (\d+)/.exec(reason)?.[1]
  return found === undefined ? null : Number(found)
}

function sentence(reason: string): string {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** An entry that its client never starts, without a word. */
export const ignoredEntries = ({ entries }: DoctorFacts): Diagnosis[] =>
  entries
    .filter(
      ({ entry }) =>
        entry.ignored !== undefined &&
        entry.isOldPlace !== true &&
        entry.owner === undefined &&
        entry.enabled !== false,
    )
    .map((fact) =>
      entryDiagnosis(fact, {
        kind: 'ignored-entry',
        severity: 'error',
        title: `${fact.client.name} ignores the entry ${fact.entry.name}.`,
        why: sentence(fact.entry.ignored ?? ''),
        ...shapeFix(fact),
      }),
    )

/** The shapes whose correction is certain. */
function shapeFix(fact: EntryFact): { advice: string; changes?: ReturnType<typeof fixOf> } {
  const { entry, raw } = fact
  const record = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {}
  if (entry.client === 'claude-code' && typeof record['url'] === 'string' && record['type'] === undefined)
    return {
      advice: 'Add "type": "http".',
      changes: fixOf(fact, [{ kind: 'set', path: [...entry.path, 'type'], value: 'http' }]),
    }
  if (['opencode', 'kilo-code'].includes(entry.client) && typeof record['command'] === 'string') {
    const args: readonly unknown[] = Array.isArray(record['args']) ? record['args'] : []
    const words = args.length > 0 ? [record['command'], ...args] : fact.argv
    return {
      advice: 'Write the command as an array of strings.',
      changes: fixOf(fact, [
        { kind: 'set', path: [...entry.path, 'command'], value: words },
        ...(record['args'] === undefined ? [] : [{ kind: 'remove' as const, path: [...entry.path, 'args'] }]),
        ...(record['type'] === undefined
          ? [{ kind: 'set' as const, path: [...entry.path, 'type'], value: 'local' }]
          : []),
      ]),
    }
  }
  return { advice: 'Write it as its documentation says, or remove it.' }
}

/** An entry in a file that newer versions of the client replaced. */
export const oldPlaces = ({ entries }: DoctorFacts): Diagnosis[] =>
  entries
    .filter(({ entry }) => entry.isOldPlace === true && entry.owner === undefined && entry.enabled !== false)
    .map((fact) =>
      entryDiagnosis(fact, {
        kind: 'old-place',
        severity: 'warning',
        title: `${fact.client.name} no longer reads ${fact.entry.name} from ${fact.entry.file}.`,
        why: sentence(fact.entry.ignored ?? 'Newer versions of the client use another file'),
        advice: 'Move the entry to the file that the client reads now.',
      }),
    )
