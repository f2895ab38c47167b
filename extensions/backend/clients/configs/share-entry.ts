// The entries that start a Serena without the hub, and the same Serena through `connect`. Pure.
import { parseSerenaCommand } from '../../serena/command-line.ts'
import type { ConfigEntry } from './config-entry.ts'

type Product = readonly [program: string, ...args: string[]]

export interface ShareableEntry {
  entry: ConfigEntry
  /** What it starts then. */
  words: readonly string[]
}

/**
 * Returns the entries to change. `product`: the command of this copy; `project`: entries for other projects are left alone, as are those
 * that are switched off, that their client ignores, or that are in the file of another client.
 */
export const shareableEntries = (
  entries: readonly ConfigEntry[],
  product: Product,
  project: string | null,
): ShareableEntry[] =>
  entries.flatMap((entry) => {
    const { enabled, ignored, owner, command } = entry
    if (enabled === false || ignored !== undefined || owner !== undefined || command === null) return []
    const words = entry.project === null || entry.project === project ? sharedWords(command, product) : null
    return words === null ? [] : [{ entry, words }]
  })

/** Returns the same Serena through `connect`; null: it is none that the hub can run, or it is shared already. */
export function sharedWords(argv: readonly string[], [program, ...words]: Product): string[] | null {
  const parsed = parseSerenaCommand(argv)
  if (!parsed || parsed.remote || parsed.command.transport !== 'stdio') return null
  const wrapAt = argv.findIndex((word, at) => word === 'wrap' && OURS.test(argv[at - 1] ?? ''))
  const rest = wrapAt < 0 ? ['--', ...argv] : argv.slice(wrapAt + 1)
  return [program, ...words, 'connect', ...rest]
}

const OURS = /serena-deck|cli\.js$/
