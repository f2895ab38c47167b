// Who started an instance, as a person says it: the client, its project's folder, its window or terminal, and since when. Pure.
import type { Instance } from '#contract/instance'
import { countOf } from '#contract/units'
import type { ClientMark, ProcessFact, ProcessTable } from '../../facts.ts'
import { clockTime } from '../../lib/clock-time.ts'
import { isRunner } from './command-line.ts'
import type { KnownClient } from './known-client.ts'
import {
  CLAUDE_ENTRYPOINT,
  CLAUDE_PID,
  CLAUDE_SESSION,
  ENTRYPOINTS,
  TERMINAL_VARIABLES,
} from './known-clients.ts'
import { isHelper, type Program, programOf } from './owner-program.ts'

/** What is known of an instance's client and of those above it. */
export interface OwnerFacts {
  /** The direct ancestor that is no launcher: it speaks MCP. */
  client: ProcessFact
  /** From its parent upwards. */
  ancestors: readonly ProcessFact[]
  /** Folders; null: not readable. */
  clientFolder: string | null
  serenaFolder: string | null
  /** The number of the client's terminal; null: it has none, or it is not told. */
  clientTerminal: number | null
  /** Variables of the client and of the instance; null: not readable. */
  clientVariables: Readonly<Record<string, string>> | null
  serenaVariables: Readonly<Record<string, string>> | null
  /** Where a bridge listens and how many connections it has; absent: its client is no bridge, or its sockets cannot be read. */
  bridge?: { port: number; connections: number } | null
}

/** The line of the owner at that wall time. Its pid is the client's, whatever app stands above it. */
export function describeOwner(facts: OwnerFacts, nowMs: number): NonNullable<Instance['owner']> {
  const program = ownerProgram(facts)
  const name = facts.bridge ? `${program.words} ${bridgeWords(facts.bridge)}` : program.words
  const folder = folderOf(facts, program)
  const words = [
    folder && shortFolder(folder, homeOf(facts)),
    placeOf(facts, program),
    sessionOf(facts, program),
    `since ${clockTime(facts.client.startedAtMs, nowMs)}`,
  ].filter((word) => word !== null)
  return { pid: facts.client.pid, name, detail: words.length > 0 ? words.join(', ') : null }
}

/** `on :8000 (3 connections)`. */
const bridgeWords = ({ port, connections }: { port: number; connections: number }): string =>
  `on :${port} (${countOf(connections, 'connection')})`

/** The client for comparisons: what only wraps one instance is not it, its parent is. */
export function markClient(facts: OwnerFacts): Omit<ClientMark, 'words'> {
  const { client, ancestors } = facts
  const [parent] = ancestors
  const { known, words, hasManyWindows } = ownerProgram(facts)
  const isInApp = known?.kind === 'agent' && parent && programOf(parent).known?.kind === 'app'
  return {
    key: known?.kind === 'wrapper' && parent ? parent.identity : client.identity,
    hostKey: isInApp ? parent.identity : null,
    isKnown: known !== null && KINDS_OF_CLIENTS.includes(known.kind),
    program: words,
    ...(hasManyWindows && { hasManyWindows }),
  }
}

/** The bridge behind a client that only runs its command line, such as the `sh -c` of supergateway; null: there is none. */
function bridgeAbove({ client, ancestors: [parent] }: OwnerFacts): ProcessFact | null {
  const isLauncher = client.argv !== null && isRunner(client.argv)
  return isLauncher && parent && isBridge(parent) ? parent : null
}

/** The bridge that an instance's client is, or runs for; null: it is none. */
export const bridgeOf = (facts: OwnerFacts): ProcessFact | null =>
  isBridge(facts.client) ? facts.client : bridgeAbove(facts)

const isBridge = (process: ProcessFact): boolean => programOf(process).known?.kind === 'bridge'

const KINDS_OF_CLIENTS: readonly KnownClient['kind'][] = ['agent', 'app', 'bridge', 'wrapper']

/** From the client's parent up; ends at init, a gap or a circle. */
export function ancestorsOf(client: ProcessFact, { byPid }: ProcessTable): ProcessFact[] {
  const found: ProcessFact[] = []
  const passed = new Set([client.pid])
  for (let at = byPid.get(client.ppid); at && at.pid > 1 && !passed.has(at.pid); at = byPid.get(at.ppid)) {
    passed.add(at.pid)
    found.push(at)
  }
  return found
}

function ownerProgram(facts: OwnerFacts): Program {
  const { client, ancestors, serenaVariables } = facts
  const own = programOf(client)
  if (own.known) return own
  const bridge = bridgeAbove(facts)
  if (bridge) return programOf(bridge)
  // It says itself that it is the one: a bare runtime, or a title that names nothing.
  if (serenaVariables?.[CLAUDE_PID] === String(client.pid)) return CLAUDE_CODE
  // A helper of an app is called by its app.
  const main = isHelper(client) ? ancestors.find((one) => !isHelper(one) && isSameProgram(one, client)) : null
  return main ? programOf(main) : own
}

const CLAUDE_CODE: Program = {
  words: 'Claude Code',
  known: { name: 'Claude Code', kind: 'agent' },
  hasManyWindows: false,
}

const isSameProgram = (a: ProcessFact, b: ProcessFact): boolean =>
  a.name === b.name || programPath(a) === programPath(b)
const programPath = ({ argv }: ProcessFact): string => (argv?.[0] ?? '').split(' --')[0] ?? ''

/** An app has many windows and one folder of its own: there the folder of the instance, or of its command line, tells more. */
function folderOf(facts: OwnerFacts, { known }: Program): string | null {
  const { client, ancestors, clientFolder, serenaFolder } = facts
  if (known === null || !hasWindows(known)) return clientFolder
  const isTelling = (folder: string | null): boolean => folder !== null && !isNoProject(folder, facts)
  if (isTelling(serenaFolder)) return serenaFolder
  if (isTelling(clientFolder)) return clientFolder
  const folders = new Set([client, ...ancestors].filter(isOfKind(known.kind)).flatMap(foldersNamedBy))
  // More than one: nobody knows which window it is.
  return folders.size === 1 ? ([...folders][0] ?? null) : null
}

/** Its own folder and terminal are those of no window, and tell nothing of the instance. */
const hasWindows = (known: KnownClient | null): boolean =>
  known !== null && known.kind !== 'agent' && known.kind !== 'own'

const isOfKind =
  (kind: KnownClient['kind']) =>
  (process: ProcessFact): boolean =>
    programOf(process).known?.kind === kind

const homeOf = ({ clientVariables }: OwnerFacts): string | null =>
  clientVariables?.['HOME'] ?? clientVariables?.['USERPROFILE'] ?? null

/** `~/shop` for what lies in the client's home folder. */
function shortFolder(folder: string, home: string | null): string {
  const isRoot = home === null || /^([A-Za-z]:)?[\\/]*$/.test(home)
  if (isRoot || !folder.startsWith(home)) return folder
  const rest = folder.slice(home.length)
  return /^([\\/]|$)/.test(rest) ? `~${rest}` : folder
}

function isNoProject(folder: string, facts: OwnerFacts): boolean {
  const path = folder.replaceAll('\\', '/')
  if (/^([A-Za-z]:)?\/?$/.test(path) || path === homeOf(facts)?.replaceAll('\\', '/')) return true
  return (
    /^([A-Za-z]:)?\/(usr|opt|snap|Applications|Windows|Program Files|nix)(\/|$)/i.test(path) ||
    isOwnFolder(path, facts.client)
  )
}

/** The folder of the program itself. */
const isOwnFolder = (path: string, client: ProcessFact): boolean =>
  programPath(client).replaceAll('\\', '/').startsWith(`${path}/`)

/** Folders an editor was started with: `code /w/shop`, `--folder-uri file:///w/shop`. */
function foldersNamedBy({ argv }: ProcessFact): string[] {
  const [, ...words] = argv ?? []
  return words.flatMap((word, at) => {
    const uri = /^(?:--folder-uri=)?file:\/\/(\/.+)$/.exec(word)?.[1]
    const isFolderUri = word.startsWith('--folder-uri=') || words[at - 1] === '--folder-uri'
    if (uri !== undefined) return isFolderUri ? [decoded(uri)] : []
    const follows = words[at - 1] ?? ''
    const isPath = /^(\/[^:]+|[A-Za-z]:[\\/].+)$/.test(word) && !/\.\w+$/.test(word)
    return isPath && !follows.startsWith('--') ? [word] : []
  })
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    // Not encoded after all.
    return uri
  }
}

/** The window or terminal it runs in: the nearest known one above it, else what its environment says; then its terminal's number. */
function placeOf(facts: OwnerFacts, { known }: Program): string | null {
  const { ancestors, clientVariables, client, clientTerminal } = facts
  if (hasWindows(known)) return null
  const above = ancestors.map((one) => programOf(one).known)
  const isClaude = known?.name === CLAUDE_CODE.words
  // Codex and Gemini start themselves once more; a Claude Code below another is a session of its own.
  const agent = above.find((one) => one?.kind === 'agent' && (isClaude || one.name !== known?.name))
  if (agent) return `started by ${agent.name === known?.name ? 'another ' : ''}${agent.name}`
  const place = above.find((one) => one && one.kind !== 'wrapper' && one.kind !== 'agent')
  const entry = ENTRYPOINTS.get(clientVariables?.[CLAUDE_ENTRYPOINT] ?? '')
  const byVariables = terminalWords(clientVariables)
  // tmux and the terminals tell which pane or window by a variable; an app's name says more than its terminal's.
  if (place?.kind === 'app') return inTerminal(place.name, clientTerminal)
  if (place && byVariables?.toLowerCase().startsWith(place.name.toLowerCase()))
    return inTerminal(byVariables, clientTerminal)
  if (place) return inTerminal(place.name, clientTerminal)
  if (isClaude && entry !== undefined) return entry
  return isHelper(client) ? null : inTerminal(byVariables, clientTerminal)
}

/** A pane or window that has a number of its own is named by that. */
function inTerminal(place: string | null, terminal: number | null): string | null {
  if (terminal === null || (place !== null && /\d/.test(place))) return place
  return place === null ? `terminal ${terminal}` : `${place}, terminal ${terminal}`
}

function terminalWords(variables: Readonly<Record<string, string>> | null): string | null {
  for (const { variable, words } of TERMINAL_VARIABLES) {
    const value = variables?.[variable]
    const said = value ? words(value) : null
    if (said !== null) return said
  }
  return null
}

/** A session that can be told from others by the first letters of its id. */
function sessionOf({ client, serenaVariables }: OwnerFacts, { known }: Program): string | null {
  if (known?.kind !== 'agent') return null
  const words = client.argv ?? []
  const at = words.findIndex((word) => word === '--resume' || word === '--session-id')
  const ownsVariables = serenaVariables?.[CLAUDE_PID] === String(client.pid)
  const id = (at < 0 ? null : words[at + 1]) ?? (ownsVariables ? serenaVariables[CLAUDE_SESSION] : null)
  return id && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id) ? `session ${id.slice(0, 8)}` : null
}
