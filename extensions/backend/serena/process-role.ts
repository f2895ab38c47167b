// Determines the owner of a process in the tree of a Serena: Serena's own (itself, its forks, helpers, windows, language servers), or the
// user's: an IDE, a browser, a terminal, an editor, a development server, and everything else that a tool started. Pure.
import type { ProcessFact } from '../os/process-facts.ts'
import { isInServerStore, isServerCommand } from './language-servers.ts'
import type { SerenaProcess } from './serena-process.ts'

/**
 * `launcher`: between client and Serena; `serena`: the instance and its forks; `helper`: what Python and Serena start for
 * themselves; `viewer`: a window of Serena's own; `server`: a language server and everything below it; `person`: the user's programs,
 * which is everything else.
 */
export type ProcessRole = 'launcher' | 'serena' | 'helper' | 'viewer' | 'server' | 'person'

export interface Placed {
  fact: ProcessFact
  role: ProcessRole
}

/** A window of Serena's own: `serena dashboard-viewer`, or the process that it starts for one (macOS and Windows). */
const VIEWER = /SerenaDashboardViewer|^dashboard-viewer$|multiprocessing[.-](spawn|fork)/
/** What Python's multiprocessing and Serena's pop-up (which waits for some browsers) run beside Serena. */
const HELPER = /multiprocessing[.-]resource_tracker|^import webbrowser; webbrowser\.open\(/
/** The processes of an embedded browser window. */
const WINDOW_PART = /^(WebKit\w*|QtWebEngine\w*|msedgewebview2(\.exe)?|bwrap|xdg-dbus-proxy)/

/** Returns whether the end of a Serena also ends such a process, unless the user chose otherwise. */
export const isOwnedRole = (role: ProcessRole): boolean => role !== 'person'

/**
 * Returns the role of a child, by its parent's. `isSerena`: of the tree of a launcher, which of its processes is the Serena; below
 * launchers everything up to it is a launcher's.
 */
export function roleBelow(
  parent: Placed,
  child: ProcessFact,
  isSerena: (fact: ProcessFact) => boolean = () => false,
): ProcessRole {
  switch (parent.role) {
    case 'launcher':
      return isSerena(child) ? 'serena' : 'launcher'
    case 'server':
      return 'server'
    case 'person':
      return 'person'
    case 'serena':
      return roleBelowSerena(parent.fact, child)
    case 'helper':
      return isForkOf(parent.fact, child) ? 'helper' : 'person'
    case 'viewer':
      return isForkOf(parent.fact, child) || isWindowPart(child) ? 'viewer' : 'person'
  }
}

/**
 * Returns the role of a process whose parent has exited, from the leader of the session it is in: it is Serena's only as part of a
 * language server.
 */
export function roleInSession(leader: ProcessRole | null, fact: ProcessFact): ProcessRole {
  return leader === 'server' || isInServerStore(fact.argv ?? []) ? 'server' : 'person'
}

export type LeftKind = 'language server' | 'viewer'

/** Returns what a child of that Serena leaves behind when its Serena exits; null: nothing that is Serena's alone. */
export function leftKindOf(child: ProcessFact, { process }: SerenaProcess): LeftKind | null {
  if (child.ppid !== process.pid) return null
  const role = roleBelowSerena(process, child)
  if (role === 'viewer') return 'viewer'
  return role === 'server' ? 'language server' : null
}

function roleBelowSerena(serena: ProcessFact, child: ProcessFact): ProcessRole {
  // Without a command line (a kernel that hides it, a process that is exiting) it is not proven to be Serena's.
  if (child.argv === null) return 'person'
  if (isForkOf(serena, child)) return 'serena'
  if (child.name.toLowerCase() === 'conhost.exe') return 'helper'
  if (child.argv.some((word) => VIEWER.test(word))) return 'viewer'
  if (child.argv.some((word) => HELPER.test(word))) return 'helper'
  if (isInServerStore(child.argv)) return 'server'
  return leadsOwnGroup(child) && isServerCommand(child.argv) ? 'server' : 'person'
}

/** A fork has its parent's command line until its exec. */
const isForkOf = ({ argv }: ProcessFact, child: ProcessFact): boolean =>
  argv !== null &&
  child.argv !== null &&
  argv.length === child.argv.length &&
  argv.every((word, at) => child.argv?.[at] === word)

const isWindowPart = ({ name, argv }: ProcessFact): boolean =>
  WINDOW_PART.test(name) || (argv?.some((word) => VIEWER.test(word)) ?? false)

/** A session where the platform has sessions, else a process group, else it cannot be seen. */
function leadsOwnGroup({ pid, sid, pgid }: ProcessFact): boolean {
  if (sid !== null) return sid === pid
  return pgid === null || pgid === pid
}
