// What setup changes for each client that was chosen. Pure.
import { commandChange } from '../clients/configs/command-change.ts'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { ConfigEntry } from '../clients/configs/config-entry.ts'
import { connectWords, isSerenaEntry } from '../clients/configs/serena-entry.ts'
import type { Fix } from '../doctor/fix-plan.ts'
import { ourWrapWords, parseSerenaCommand } from '../serena/command-line.ts'
import type { SetupClient } from './setup-clients.ts'
import { changedWords, newWords, type SetupMode, type SetupWords } from './setup-words.ts'

const NAME = 'serena'

export interface ClientPlan {
  id: string
  name: string
  mode: SetupMode
  context: string
  /** `none`: there is nothing to add or change. */
  action: 'add' | 'change' | 'keep' | 'none'
  file: string
  /** Why nothing is done, or what the user should know; null: nothing. */
  note: string | null
  /** The command line that it starts then; null: none. */
  command: readonly string[] | null
  fix: Fix | null
}

export interface PlanInput {
  /** All servers of the user, of every client. */
  entries: readonly ConfigEntry[]
  /** The value at a path of a file; undefined: there is none. */
  valueAt: (file: string, path: readonly (string | number)[]) => unknown
  product: SetupWords['product']
  mode: SetupMode
  /** The program for new entries; null: Serena is not installed. */
  serena: string | null
  /** Returns the context itself, or one that this Serena has. */
  contextOf: (context: string) => string
}

/** Returns the plan for one client. */
export function planClient({ client, shape, file }: SetupClient, input: PlanInput): ClientPlan {
  const { product, mode, serena, contextOf } = input
  const context = contextOf(client.context)
  // Setup writes the file of the user.
  const project = client.hasUserFolder === false ? [] : shape.project
  const words: SetupWords = { mode, product, context, project }
  const base = { id: client.id, name: client.name, mode, context, file, note: shape.note }
  const existing = input.entries.filter((entry) => isOwn(entry, client.id))
  const [first] = existing
  if (first) {
    const changed = existing.flatMap((entry) => changeOf(entry, words, input.valueAt))
    const command = first.command ? changedWords(first.command, words) : null
    const fix: Fix = { id: client.id, client: client.id, changes: changed }
    return changed.length > 0
      ? { ...base, file: first.file, action: 'change', command, fix }
      : { ...base, file: first.file, action: 'keep', command, fix: null }
  }
  if (serena === null) {
    const note = 'Serena is not installed.'
    return { ...base, action: 'none', note, command: null, fix: null }
  }
  const command = newWords(serena, words)
  const [program = '', ...args] = command
  const change = added(shape, shape.command({ program, args }), (path) => input.valueAt(file, path))
  const changes = [{ file, format: shape.format, changes: [change] }]
  return { ...base, action: 'add', command, fix: { id: client.id, client: client.id, changes } }
}

/** A server of the user that starts a Serena here, and that the client reads. */
const isOwn = (entry: ConfigEntry, id: string): boolean =>
  entry.client === id &&
  entry.scope === 'user' &&
  entry.project === null &&
  entry.owner === undefined &&
  entry.ignored === undefined &&
  entry.isOldPlace === undefined &&
  entry.enabled !== false &&
  isSerenaEntry(entry) &&
  isPlain(entry.command)

/** Not a bridge to another machine, and not a text that no client splits. */
function isPlain(command: readonly string[] | null): boolean {
  if (command === null || command.length < 2) return false
  const parsed = parseSerenaCommand(command)
  if (parsed?.remote) return false
  return parsed !== null
    ? parsed.command.transport === 'stdio'
    : (connectWords(command) ?? ourWrapWords(command)) !== null
}

function changeOf(entry: ConfigEntry, words: SetupWords, valueAt: PlanInput['valueAt']): Fix['changes'] {
  const before = entry.command ?? []
  const after = changedWords(before, words)
  if (after.length === before.length && after.every((word, at) => word === before[at])) return []
  const changes = commandChange(entry, valueAt(entry.file, entry.path), after)
  return changes === null ? [] : [{ file: entry.file, format: entry.format, changes }]
}

function added(
  { path, list }: SetupClient['shape'],
  entry: object,
  valueAt: (path: readonly (string | number)[]) => unknown,
): ConfigChange {
  if (list === 'map') return { kind: 'set', path: [...path, NAME], value: entry }
  const value = { name: NAME, ...entry }
  return Array.isArray(valueAt(path))
    ? { kind: 'append', path, value }
    : { kind: 'set', path, value: [value] }
}
