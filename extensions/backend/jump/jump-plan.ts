// Where the client of an instance runs -> what to bring to the front, or what to look for. Pure.
import type { EditorId } from '#contract/editors'
import { visibleLine } from '#contract/visible-text'
import { programOf } from '../clients/owner-program.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { isReaper } from '../os/reaper.ts'
import { editorNamed } from './editors.ts'

export interface JumpFacts {
  /** The client, then its ancestors; only processes of this user. */
  chain: readonly ProcessFact[]
  /** The variables of the client, as far as they are in JUMP_VARIABLES. */
  variables: Readonly<Record<string, string>>
  /** The number of its terminal; null: it has none, or it is not known. */
  terminal: number | null
  /** The folder of the project; null: not known. */
  folder: string | null
  platform: NodeJS.Platform
}

/** Inherited by everything that starts below: each is used only with the process that it belongs to in the chain. */
export const JUMP_VARIABLES: readonly string[] = [
  'TMUX',
  'TMUX_PANE',
  'STY',
  'WINDOW',
  'KITTY_LISTEN_ON',
  'KITTY_PID',
  'KITTY_WINDOW_ID',
  'WEZTERM_PANE',
  'WEZTERM_UNIX_SOCKET',
  'DISPLAY',
  'XAUTHORITY',
  'WINDOWID',
]

/** Selects a pane inside a multiplexer; the terminal that shows it is found afterwards. */
export type Pane =
  | { kind: 'tmux'; socket: string; pane: string }
  | { kind: 'screen'; session: string; window: string | null }

/** Ways to bring a window to the front; the first that works counts. */
export type Front =
  | { kind: 'editor'; editor: EditorId; folder: string }
  | { kind: 'kitty'; address: string; window: string }
  | { kind: 'wezterm'; socket: string; pane: string }
  | { kind: 'x11'; display: string; authority: string | null; windowId: number | null }
  | { kind: 'macos' }

export interface JumpPlan {
  pane: Pane | null
  fronts: readonly Front[]
  /** A sentence for the user. */
  lookFor: string
}

/** Returns the plan. Variables that do not look as they should are not used. */
export function planJump(facts: JumpFacts): JumpPlan {
  const pane = paneOf(facts)
  const fronts = [editorOf(facts), kittyOf(facts), weztermOf(facts), x11Of(facts), macOf(facts)]
  return { pane, fronts: fronts.filter((front) => front !== null), lookFor: lookFor(facts) }
}

function paneOf({ chain, variables }: JumpFacts): Pane | null {
  const [, socket, tmuxPid] = /^(\/[^,]+),(\d+),\d+$/.exec(variables['TMUX'] ?? '') ?? []
  const pane = variables['TMUX_PANE'] ?? ''
  if (socket !== undefined && /^%\d+$/.test(pane) && hasPid(chain, tmuxPid))
    return { kind: 'tmux', socket, pane }
  const [session, screenPid] = /^(\d+)\.[\w.-]+$/.exec(variables['STY'] ?? '') ?? []
  if (session === undefined || !hasPid(chain, screenPid)) return null
  const window = variables['WINDOW'] ?? ''
  return { kind: 'screen', session, window: /^\d+$/.test(window) ? window : null }
}

const hasPid = (chain: JumpFacts['chain'], pid: string | undefined): boolean =>
  chain.some((one) => String(one.pid) === pid)

function editorOf({ chain, folder }: JumpFacts): Front | null {
  if (folder === null) return null
  for (const one of chain) {
    const { known } = programOf(one)
    const editor = known?.kind === 'app' ? editorNamed(known.name) : null
    if (editor !== null) return { kind: 'editor', editor, folder }
  }
  return null
}

function kittyOf({ chain, variables }: JumpFacts): Front | null {
  const address = variables['KITTY_LISTEN_ON'] ?? ''
  const window = variables['KITTY_WINDOW_ID'] ?? ''
  const isLocal = /^unix:(\/|@)[^\0]+$/.test(address) && /^\d+$/.test(window)
  return isLocal && hasPid(chain, variables['KITTY_PID']) ? { kind: 'kitty', address, window } : null
}

function weztermOf({ chain, variables }: JumpFacts): Front | null {
  const socket = variables['WEZTERM_UNIX_SOCKET'] ?? ''
  const pane = variables['WEZTERM_PANE'] ?? ''
  const isBelow = chain.some((one) => programOf(one).label === 'WezTerm')
  return isBelow && /^\//.test(socket) && /^\d+$/.test(pane) ? { kind: 'wezterm', socket, pane } : null
}

/** A display of this machine only: a name before the colon would be that of another one. */
function x11Of({ variables, platform }: JumpFacts): Front | null {
  const display = variables['DISPLAY'] ?? ''
  if (platform !== 'linux' || !/^:\d+(\.\d+)?$/.test(display)) return null
  const authority = variables['XAUTHORITY'] ?? ''
  const windowId = variables['WINDOWID'] ?? ''
  return {
    kind: 'x11',
    display,
    authority: authority.startsWith('/') ? authority : null,
    windowId: /^\d{1,10}$/.test(windowId) ? Number(windowId) : null,
  }
}

const macOf = ({ platform }: JumpFacts): Front | null => (platform === 'darwin' ? { kind: 'macos' } : null)

/** Returns `Look for xterm (process 4711), terminal pts/3.` */
function lookFor({ chain, terminal }: JumpFacts): string {
  const shown = chain.filter((one) => !isReaper(one))
  const place = shown.find((one) => isPlace(programOf(one).known?.kind)) ?? shown.at(-1) ?? chain[0]
  const where = place ? `${visibleLine(programOf(place).label)} (process ${place.pid})` : 'its client'
  return `Look for ${where}${terminal === null ? '' : `, terminal pts/${terminal}`}.`
}

const isPlace = (kind: string | undefined): boolean =>
  kind === 'app' || kind === 'terminal' || kind === 'multiplexer'
