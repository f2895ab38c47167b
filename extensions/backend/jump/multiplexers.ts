// Selects a pane of tmux or a window of screen, and finds the terminals that show it.
import { lstatSync } from 'node:fs'
import { shellWord } from '../lib/quoting.ts'
import type { Pane } from './jump-plan.ts'
import { type Place, runProgram } from './run-program.ts'

export interface SelectedPane {
  /** The processes that show it, the most recently used first. Empty: no terminal is attached. */
  clientPids: readonly number[]
  /** Where it is, such as `tmux session main, window 2`. */
  place: string
  /** The command that shows it while no terminal is attached. */
  attach: string
}

/** Selects it; null: the multiplexer does not answer, or its socket belongs to another user. */
export const selectPane = (pane: Pane, place: Place): Promise<SelectedPane | null> =>
  pane.kind === 'tmux' ? selectTmux(pane, place) : selectScreen(pane, place)

async function selectTmux(
  { socket, pane }: Extract<Pane, { kind: 'tmux' }>,
  place: Place,
): Promise<SelectedPane | null> {
  if (!isOwnSocket(socket)) return null
  const tmux = (...args: string[]): Promise<string | null> =>
    runProgram('tmux', ['-S', socket, ...args], place)
  const found = await tmux(
    'display-message',
    '-p',
    '-t',
    pane,
    '#{session_id} #{window_index} #{session_name}',
  )
  const [, session = '', window = '', name = ''] = /^(\$\d+) (\d+) (.+)$/.exec(found?.trim() ?? '') ?? []
  if (session === '') return null
  await tmux('select-window', '-t', pane)
  await tmux('select-pane', '-t', pane)
  const clients = parseClients((await tmux('list-clients', '-F', CLIENT_FORMAT)) ?? '')
  const attached = clients.filter((one) => one.session === session)
  const [other] = clients
  // A terminal that shows another session of the same server is switched to it.
  if (attached.length === 0 && other) await tmux('switch-client', '-c', other.terminal, '-t', pane)
  const shown = attached.length > 0 ? attached : clients.slice(0, 1)
  return {
    clientPids: shown.map(({ pid }) => pid),
    place: `tmux session ${name}, window ${window}`,
    attach: ['tmux', ...serverOf(socket), 'attach', '-t', name].map(shellWord).join(' '),
  }
}

/** The default server needs no option. */
const serverOf = (socket: string): string[] => (socket.endsWith('/default') ? [] : ['-S', socket])

const CLIENT_FORMAT = '#{client_activity} #{client_pid} #{session_id} #{client_tty}'

interface TmuxClient {
  activity: number
  pid: number
  session: string
  terminal: string
}

/** Returns the clients, the most recently used first. */
export const parseClients = (text: string): TmuxClient[] =>
  text
    .split('\n')
    .flatMap((line) => {
      const [, activity, pid, session = '', terminal = ''] = /^(\d+) (\d+) (\$\d+) (\/\S+)$/.exec(line) ?? []
      return pid === undefined ? [] : [{ activity: Number(activity), pid: Number(pid), session, terminal }]
    })
    .sort((a, b) => b.activity - a.activity)

/** The terminals of screen are not known: it does not name its displays. */
async function selectScreen(
  { session, window }: Extract<Pane, { kind: 'screen' }>,
  place: Place,
): Promise<SelectedPane | null> {
  const select = window === null ? ['-Q', 'title'] : ['-X', 'select', window]
  if ((await runProgram('screen', ['-S', session, ...select], place)) === null) return null
  const inWindow = window === null ? '' : `, window ${window}`
  return { clientPids: [], place: `screen session ${session}${inWindow}`, attach: `screen -x ${session}` }
}

function isOwnSocket(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats !== undefined && stats.isSocket() && stats.uid === process.getuid?.()
}
