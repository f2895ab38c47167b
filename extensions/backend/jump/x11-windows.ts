// Windows of an X server by the processes that made them (`_NET_WM_PID`), and bringing one to the front (`_NET_ACTIVE_WINDOW`), through
// wmctrl or xdotool, whichever is installed.
import { type Place, runProgram } from './run-program.ts'

export interface XWindow {
  id: number
  pid: number
  title: string
}

export interface WindowChoice {
  /** From the client up: the nearest that has a window counts. */
  pids: readonly number[]
  /** WINDOWID of the client; null: not set. */
  windowId: number | null
  /** A word in the title decides between windows of one process. */
  word: string | null
}

/** Returns the window of the nearest process; null: none of them has one. */
export function chooseWindow(
  windows: readonly XWindow[],
  { pids, windowId, word }: WindowChoice,
): XWindow | null {
  const ownPid = pids.find((pid) => windows.some((window) => window.pid === pid))
  const own = windows.filter(({ pid }) => pid === ownPid)
  const byId = own.find(({ id }) => id === windowId)
  const byWord = word === null ? undefined : own.find(({ title }) => title.includes(word))
  return byId ?? byWord ?? own[0] ?? null
}

/** Brings the window to the front; false: no window, no tool, or the window manager did not do it. */
export async function showXWindow(choice: WindowChoice, place: Place): Promise<boolean> {
  const window = chooseWindow(await readWindows(choice.pids, place), choice)
  if (window === null) return false
  const id = String(window.id)
  if ((await runProgram('wmctrl', ['-i', '-a', `0x${window.id.toString(16)}`], place)) !== null) return true
  return (await runProgram('xdotool', ['windowactivate', id], place)) !== null
}

/** Windows that a window manager manages, by wmctrl; otherwise the visible ones of these processes, by xdotool. */
async function readWindows(pids: readonly number[], place: Place): Promise<XWindow[]> {
  const listed = await runProgram('wmctrl', ['-l', '-p'], place)
  if (listed !== null) return parseWindowList(listed)
  const windows: XWindow[] = []
  for (const pid of pids) {
    const found =
      (await runProgram('xdotool', ['search', '--onlyvisible', '--pid', String(pid)], place)) ?? ''
    for (const id of found.split('\n').filter((line) => /^\d+$/.test(line))) {
      const title = (await runProgram('xdotool', ['getwindowname', id], place)) ?? ''
      windows.push({ id: Number(id), pid, title: title.trim() })
    }
    if (windows.length > 0) break
  }
  return windows
}

/** Parses `0x01200003  0 4711 host Title of it`. */
export const parseWindowList = (text: string): XWindow[] =>
  text.split('\n').flatMap((line) => {
    const [, id, pid, title = ''] = /^(0x[0-9a-f]+) +-?\d+ +(\d+) +\S+ ?(.*)$/.exec(line) ?? []
    return id === undefined ? [] : [{ id: Number(id), pid: Number(pid), title }]
  })
