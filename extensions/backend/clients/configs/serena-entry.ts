// Which entries start or reach a Serena. Pure.
import { type ParsedCommand, parseSerenaCommand, splitWords } from '../../serena/command-line.ts'
import { CONNECT, splitWrapArguments } from '../../serena/wrap-flags.ts'
import type { ConfigEntry } from './config-entry.ts'

/** Our own program, as a script, a package or a command. */
const OURS = /serena-deck|[\\/]cli\.js$|[\\/]connect\.js$/
/** `…/mcp/PROJECT?context=…`: an address of the hub. */
const HUB_URL = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/mcp\/[^?]*\?(.*&)?context=/
const SERENA_WORD = /(^|[^a-z])serena([^a-z]|$)/i

/** Returns whether an entry starts a Serena, directly, through launchers or through the hub, or reaches one by its URL. */
export function isSerenaEntry(entry: Pick<ConfigEntry, 'name' | 'command' | 'url'>): boolean {
  if (entry.url !== null) return isSerenaUrl(entry.url) || SERENA_WORD.test(entry.name)
  return serenaCommandOf(entry) !== null || SERENA_WORD.test(entry.name) || reachesHub(entry.command ?? [])
}

const isSerenaUrl = (url: string): boolean => HUB_URL.test(url)

/** A bridge from stdio to a URL. */
const reachesHub = (words: readonly string[]): boolean => words.some(isSerenaUrl)

/**
 * Returns the Serena that an entry starts, also through `wrap` and `connect`, or with the whole command line in one text (which no
 * client splits); null: none that can be recognized.
 */
export function serenaCommandOf({ command }: Pick<ConfigEntry, 'command'>): ParsedCommand | null {
  if (command === null) return null
  const words = command.length === 1 ? splitWords(command[0] ?? '') : command
  return parseSerenaCommand(words) ?? parseConnected(words)
}

/** Returns the words after `connect` of our own `serena-deck connect …`; null: it is another program. */
export function connectWords(words: readonly string[]): readonly string[] | null {
  const at = words.findIndex(
    (word, index) => word === 'connect' && words.slice(0, index).some((one) => OURS.test(one)),
  )
  if (at >= 0) return words.slice(at + 1)
  const script = words.slice(0, 3).findIndex((word) => /[\\/]connect\.js$/.test(word))
  return script < 0 ? null : words.slice(script + 1)
}

function parseConnected(words: readonly string[]): ParsedCommand | null {
  const rest = connectWords(words)
  if (rest === null) return null
  const parsed = parseSerenaCommand(splitWrapArguments(rest, CONNECT).command)
  return parsed && { ...parsed, role: 'launcher' }
}
