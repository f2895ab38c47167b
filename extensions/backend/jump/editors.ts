// Editors with windows that open a folder by their own command; a window that already shows the folder comes to the front. Their
// options that reuse a window are not used: they would replace what another window shows.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { EDITOR_IDS, EDITOR_NAMES, type EditorId } from '#contract/editors'
import { openerCommand } from '../os/open-in-browser.ts'
import { findWindowProgram, type Place } from './run-program.ts'

/** The names of its command. On macOS `open -a` finds the app by its name. */
const COMMANDS: Readonly<Record<EditorId, readonly string[]>> = {
  vscode: ['code'],
  'vscode-insiders': ['code-insiders'],
  vscodium: ['codium'],
  cursor: ['cursor'],
  windsurf: ['windsurf'],
  zed: ['zed', 'zeditor'],
  idea: ['idea'],
  pycharm: ['pycharm'],
  webstorm: ['webstorm'],
  phpstorm: ['phpstorm'],
  goland: ['goland'],
  rubymine: ['rubymine'],
  clion: ['clion'],
  rider: ['rider'],
  sublime: ['subl'],
}
const MAC_APPS: Partial<Record<EditorId, string>> = {
  vscode: 'Visual Studio Code',
  'vscode-insiders': 'Visual Studio Code - Insiders',
  sublime: 'Sublime Text',
}

/** Returns the command that opens a folder, which is appended; null: the editor is not installed. */
export function editorCommand(id: EditorId, place: Place): readonly [string, ...string[]] | null {
  for (const name of COMMANDS[id]) {
    const file = findWindowProgram(name, place)
    if (file !== null) return [file]
  }
  const app = MAC_APPS[id] ?? EDITOR_NAMES[id]
  const isInstalled = place.platform === 'darwin' && existsSync(`/Applications/${app}.app`)
  return isInstalled ? ['/usr/bin/open', '-a', app] : null
}

/** Returns the editors that can show a window here, the one that `$VISUAL` names first. */
export function findEditors(place: Place): EditorId[] {
  if (openerCommand(place.platform, place.env) === null) return []
  const preferred = editorOf(place.env['VISUAL'] ?? '')
  return EDITOR_IDS.filter((id) => editorCommand(id, place) !== null).sort(
    (a, b) => Number(b === preferred) - Number(a === preferred),
  )
}

/** Returns the editor that a command such as `/usr/bin/code --wait` starts; null: it is none with windows. Its options are not used. */
export function editorOf(command: string): EditorId | null {
  const name = basename(command.trim().split(/\s+/)[0] ?? '')
  return EDITOR_IDS.find((id) => COMMANDS[id].includes(name)) ?? null
}

/** Returns the editor with that display name, as owners have it; null: it cannot be opened by a command. */
export const editorNamed = (name: string): EditorId | null =>
  EDITOR_IDS.find((id) => EDITOR_NAMES[id] === name) ?? null
