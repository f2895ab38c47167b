// The owner of an instance as text: the client, its project's folder, its window or terminal, and since when. Pure.
import type { Instance } from '#contract/instance'
import { countOf } from '#contract/units'
import { clockTime } from '../lib/clock-time.ts'
import { ancestorsOf } from '../os/ancestors.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { isReaper } from '../os/reaper.ts'
import { isRunner } from '../serena/command-line.ts'
import type { ClientMark } from './client-facts.ts'
import type { KnownClient } from './known-client.ts'
import {
  CLAUDE_ENTRYPOINT,
  CLAUDE_PID,
  CLAUDE_SESSION,
  ENTRYPOINTS,
  TERMINAL_VARIABLES,
} from './known-clients.ts'
import { isHelper, type Program, programOf } from './owner-program.ts'

/** What is known about an instance's client and its ancestors. */
export interface OwnerFacts {
  /** The nearest ancestor that is not a launcher: the MCP client. */
  client: ProcessFact
  /** From its parent up. */
  ancestors: readonly ProcessFact[]
  /** Folders; null: not readable. */
  clientFolder: string | null
  serenaFolder: string | null
  /** The number of the client's terminal; null: it has none, or it is not known. */
  clientTerminal: number | null
  /** Variables of the client and of the instance; null: not readable. */
  clientVariables: Readonly<Record<string, string>> | null
  serenaVariables: Readonly<Record<string, string>> | null
  /** The port and the connections of a bridge; absent: its client is not a bridge, or its sockets cannot be read. */
  bridge?: { port: number; connections: number } | null
}

/** Returns the owner at that wall time. Its pid is that of the client, not of the app that the client runs in. */
export function describeOwner(facts: OwnerFacts, nowMs: number): NonNullable<Instance['owner']> {
  const program = ownerProgram(facts)
  const name = facts.bridge ? `${program.label} ${bridgeText(facts.bridge)}` : program.label
  const folder = folderOf(facts, program)
  const words = [
    folder && shortFolder(folder, homeOf(facts)),
    placeOf(facts, program),
    sessionOf(facts, program),
    `since ${clockTime(facts.client.startedAtMs, nowMs)}`,
  ].filter((word) => word !== null)
  return { pid: facts.client.pid, name, detail: words.length > 0 ? words.join(', ') : null }
}

/** Returns `on :8000 (3 connections)`. */
const bridgeText = ({ port, connections }: { port: number; connections: number }): string =>
  `on :${port} (${countOf(connections, 'connection')})`

/** Returns the client for comparisons: for a wrapper of one instance, its parent. */
export function markClient(facts: OwnerFacts): Omit<ClientMark, 'label'> {
  const { client, ancestors } = facts
  const [parent] = ancestors
  const { known, label, hasManyWindows } = ownerProgram(facts)
  const isInApp = known?.kind === 'agent' && parent && programOf(parent).known?.kind === 'app'
  return {
    key: known?.kind === 'wrapper' && parent ? parent.identity : client.identity,
    hostKey: isInApp ? parent.identity : null,
    isKnown: known !== null && CLIENT_KINDS.includes(known.kind),
    program: label,
    ...(hasManyWindows && { hasManyWindows }),
  }
}

/** Returns the name of a process that is connected to an instance; for a bridge of one client, with that client's name. */
export function clientName(client: ProcessFact, table: ProcessTable): string {
  const ancestors = ownerChain(client, table)
  const unread = { clientFolder: null, serenaFolder: null, clientTerminal: null, clientVariables: null }
  const { label } = ownerProgram({ client, ancestors, ...unread, serenaVariables: null })
  if (!isBridge(client)) return label
  const behind = ancestors.map((one) => programOf(one).known).find((one) => one !== null)
  return behind?.kind === 'agent' || behind?.kind === 'app' ? `${behind.name} (${label})` : label
}

/** Returns the client that started a `connect` process, whose pid this is; null: it is not visible. */
export function clientOfConnect(pid: number, table: ProcessTable): { pid: number; name: string } | null {
  const client = ancestorsOf(pid, table).find(({ argv }) => argv === null || !isRunner(argv))
  return client === undefined || isReaper(client)
    ? null
    : { pid: client.pid, name: clientName(client, table) }
}

/** Returns the bridge of a client that only runs its command line, such as the `sh -c` of supergateway; null: there is none. */
function bridgeAbove({ client, ancestors: [parent] }: OwnerFacts): ProcessFact | null {
  const isLauncher = client.argv !== null && isRunner(client.argv)
  return isLauncher && parent && isBridge(parent) ? parent : null
}

/** Returns the bridge that is an instance's client, or that its client runs for; null: there is none. */
export const bridgeOf = (facts: OwnerFacts): ProcessFact | null =>
  isBridge(facts.client) ? facts.client : bridgeAbove(facts)

const isBridge = (process: ProcessFact): boolean => programOf(process).known?.kind === 'bridge'

const CLIENT_KINDS: readonly KnownClient['kind'][] = ['agent', 'app', 'bridge', 'wrapper']

/** Returns the ancestors of a client from its parent upwards, without init. */
export const ownerChain = (client: ProcessFact, table: ProcessTable): ProcessFact[] =>
  ancestorsOf(client.pid, table).filter(({ pid }) => pid > 1)

function ownerProgram(facts: OwnerFacts): Program {
  const { client, ancestors, serenaVariables } = facts
  const own = programOf(client)
  if (own.known) return own
  const bridge = bridgeAbove(facts)
  if (bridge) return programOf(bridge)
  // Claude Code names its pid in the environment; its own process may be a bare runtime.
  if (serenaVariables?.[CLAUDE_PID] === String(client.pid)) return CLAUDE_CODE
  // A helper process has the name of its app.
  const main = isHelper(client) ? ancestors.find((one) => !isHelper(one) && isSameProgram(one, client)) : null
  return main ? programOf(main) : own
}

const CLAUDE_CODE: Program = {
  label: 'Claude Code',
  known: { name: 'Claude Code', kind: 'agent' },
  hasManyWindows: false,
}

const isSameProgram = (a: ProcessFact, b: ProcessFact): boolean =>
  a.name === b.name || programPath(a) === programPath(b)
const programPath = ({ argv }: ProcessFact): string => (argv?.[0] ?? '').split(' --')[0] ?? ''

/** An app has many windows and one folder of its own: the folder of the instance, or of its command line, is the project's. */
function folderOf(facts: OwnerFacts, { known }: Program): string | null {
  const { client, ancestors, clientFolder, serenaFolder } = facts
  // The folder in which the hub happened to be started.
  if (known?.kind === 'hub') return null
  if (known === null || !hasWindows(known)) return clientFolder
  const mayBeProject = (folder: string | null): boolean => folder !== null && !isNoProject(folder, facts)
  if (mayBeProject(serenaFolder)) return serenaFolder
  if (mayBeProject(clientFolder)) return clientFolder
  const folders = new Set([client, ...ancestors].filter(isOfKind(known.kind)).flatMap(foldersNamedBy))
  // With several folders the window is not known.
  return folders.size === 1 ? ([...folders][0] ?? null) : null
}

/** True if its own folder and terminal are not those of the instance. */
const hasWindows = (known: KnownClient | null): boolean =>
  known !== null && known.kind !== 'agent' && known.kind !== 'own'

const isOfKind =
  (kind: KnownClient['kind']) =>
  (process: ProcessFact): boolean =>
    programOf(process).known?.kind === kind

const homeOf = ({ clientVariables }: OwnerFacts): string | null =>
  clientVariables?.['HOME'] ?? clientVariables?.['USERPROFILE'] ?? null

/** Returns `~/shop` for a folder in the client's home folder. */
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

/** True for the folder of the program itself. */
const isOwnFolder = (path: string, client: ProcessFact): boolean =>
  programPath(client).replaceAll('\\', '/').startsWith(`${path}/`)

/** Returns the folders in an editor's arguments: `code /w/shop`, `--folder-uri file:///w/shop`. */
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
    // Not encoded.
    return uri
  }
}

/** Returns its window or terminal: the nearest known ancestor, else by its environment; then the terminal's number. */
function placeOf(facts: OwnerFacts, { known }: Program): string | null {
  const { ancestors, clientVariables, client, clientTerminal } = facts
  if (hasWindows(known) || known?.kind === 'hub') return null
  const above = ancestors.map((one) => programOf(one).known)
  const isClaude = known?.name === CLAUDE_CODE.label
  // Codex and Gemini start themselves a second time; a Claude Code below another is a session of its own.
  const agent = above.find((one) => one?.kind === 'agent' && (isClaude || one.name !== known?.name))
  if (agent) return `started by ${agent.name === known?.name ? 'another ' : ''}${agent.name}`
  const place = above.find((one) => one && one.kind !== 'wrapper' && one.kind !== 'agent')
  const entry = ENTRYPOINTS.get(clientVariables?.[CLAUDE_ENTRYPOINT] ?? '')
  const byVariables = terminalText(clientVariables)
  // tmux and terminals name the pane or window in a variable; an app's name is more precise than its terminal's.
  if (place?.kind === 'app') return inTerminal(place.name, clientTerminal)
  if (place && byVariables?.toLowerCase().startsWith(place.name.toLowerCase()))
    return inTerminal(byVariables, clientTerminal)
  if (place) return inTerminal(place.name, clientTerminal)
  if (isClaude && entry !== undefined) return entry
  return isHelper(client) ? null : inTerminal(byVariables, clientTerminal)
}

/** Adds the terminal's number, unless the pane or window has a number of its own. */
function inTerminal(place: string | null, terminal: number | null): string | null {
  if (terminal === null || (place !== null && /\d/.test(place))) return place
  return place === null ? `terminal ${terminal}` : `${place}, terminal ${terminal}`
}

function terminalText(variables: Readonly<Record<string, string>> | null): string | null {
  for (const { variable, words } of TERMINAL_VARIABLES) {
    const value = variables?.[variable]
    const text = value ? words(value) : null
    if (text !== null) return text
  }
  return null
}

/** Returns the session with the first characters of its id; null: not known. */
function sessionOf({ client, serenaVariables }: OwnerFacts, { known }: Program): string | null {
  if (known?.kind !== 'agent') return null
  const words = client.argv ?? []
  const at = words.findIndex((word) => word === '--resume' || word === '--session-id')
  const ownsVariables = serenaVariables?.[CLAUDE_PID] === String(client.pid)
  const id = (at < 0 ? null : words[at + 1]) ?? (ownsVariables ? serenaVariables[CLAUDE_SESSION] : null)
  return id && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id) ? `session ${id.slice(0, 8)}` : null
}
