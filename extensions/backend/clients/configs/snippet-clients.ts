// The clients that `hub snippet` knows: those of the table with a text to paste.
import { CONFIG_CLIENTS } from './config-clients.ts'
import type { SnippetShape } from './snippet-shapes.ts'

export interface SnippetClient extends SnippetShape {
  name: string
  /** Serena's context for it. */
  context: string
}

export const SNIPPET_CLIENTS: readonly SnippetClient[] = CONFIG_CLIENTS.flatMap(
  ({ name, context, snippet }) => (snippet ? [{ name, context, ...snippet }] : []),
)

/** Returns the client of that name; null: it is not known. */
export const snippetClientOf = (word: string): SnippetClient | null =>
  SNIPPET_CLIENTS.find(({ id, aliases }) => [id, ...aliases].includes(word.toLowerCase())) ?? null
