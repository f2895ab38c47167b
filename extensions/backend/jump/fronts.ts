// Brings a window to the front, in each of the ways that a plan names.
import { lstatSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { EDITOR_NAMES } from '#contract/editors'
import { programOf } from '../clients/owner-program.ts'
import { openerCommand, runOpener } from '../os/open-in-browser.ts'
import { isReaper } from '../os/reaper.ts'
import { isOwnFolderPath } from '../os/reveal.ts'
import { editorCommand } from './editors.ts'
import type { Front, JumpFacts } from './jump-plan.ts'
import { type Place, runProgram } from './run-program.ts'
import { showXWindow } from './x11-windows.ts'

/** Returns what is in front now, such as `VS Code` or `the window of xterm`; null: this way did not work. */
export async function bringToFront(front: Front, facts: JumpFacts, place: Place): Promise<string | null> {
  switch (front.kind) {
    case 'editor':
      return (await openFolder(front, place)) ? EDITOR_NAMES[front.editor] : null
    case 'kitty':
      return (await focusKitty(front, place)) ? `kitty window ${front.window}` : null
    case 'wezterm':
      // It selects the pane, but raises no window: the next way does.
      await selectWezterm(front, place)
      return null
    case 'x11':
      return (await focusX11(front, facts, place)) ? `the window of ${windowOwner(facts)}` : null
    case 'macos':
      return (await focusMac(facts, place)) ? windowOwner(facts) : null
  }
}

/** Opens an existing folder in an editor; false: it is not installed, or the folder does not exist. */
export async function openFolder(
  { editor, folder }: Omit<Extract<Front, { kind: 'editor' }>, 'kind'>,
  place: Place,
): Promise<boolean> {
  const command = openerCommand(place.platform, place.env) && editorCommand(editor, place)
  if (command === null || !isOwnFolderPath(folder, place.platform)) return false
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false
  return runOpener([...command, folder], place.env)
}

async function focusKitty(
  { address, window }: Extract<Front, { kind: 'kitty' }>,
  place: Place,
): Promise<boolean> {
  const args = ['@', '--to', address, 'focus-window', '--match', `id:${window}`]
  return (await runProgram('kitty', args, place)) !== null
}

async function selectWezterm(
  { socket, pane }: Extract<Front, { kind: 'wezterm' }>,
  place: Place,
): Promise<void> {
  if (lstatSync(socket, { throwIfNoEntry: false })?.uid !== process.getuid?.()) return
  const env = { ...place.env, WEZTERM_UNIX_SOCKET: socket }
  const args = ['cli', '--no-auto-start', 'activate-pane', '--pane-id', pane]
  await runProgram('wezterm', args, { ...place, env })
}

function focusX11(
  { display, authority, windowId }: Extract<Front, { kind: 'x11' }>,
  { chain, folder }: JumpFacts,
  place: Place,
): Promise<boolean> {
  const env = { ...place.env, DISPLAY: display, ...(authority !== null && { XAUTHORITY: authority }) }
  const word = folder === null ? null : basename(folder)
  return showXWindow({ pids: chain.map(({ pid }) => pid), windowId, word }, { ...place, env })
}

/** By the numbers of the processes alone: no text of theirs is part of the script. */
async function focusMac({ chain }: JumpFacts, place: Place): Promise<boolean> {
  for (const { pid } of chain) {
    const found = `(first application process of application "System Events" whose unix id is ${pid})`
    if ((await runProgram('osascript', ['-e', `set frontmost of ${found} to true`], place)) !== null)
      return true
  }
  return false
}

/** The program that most likely has the window: the nearest terminal or app. */
function windowOwner({ chain }: JumpFacts): string {
  const programs = chain.filter((one) => !isReaper(one)).map(programOf)
  const shown = programs.find(({ known }) => known?.kind === 'app' || known?.kind === 'terminal')
  return (shown ?? programs.at(-1))?.label ?? 'its client'
}
