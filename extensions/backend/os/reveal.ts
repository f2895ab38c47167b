// Shows a folder in the file manager of the system: without a shell, and never opens the content of the folder.
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { openerCommand, runOpener } from './open-in-browser.ts'
import { systemProgram } from './windows/system-program.ts'

/** Returns the command that shows the folder; null: there is no screen to show it on. */
export function revealCommand(
  folder: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  kernel?: string,
): readonly [string, ...string[]] | null {
  // Shown inside its parent: `open` alone would start a folder that is an application.
  if (platform === 'darwin') return ['open', '-R', folder]
  // Quoted by hand: outside of quotes Explorer takes a comma for the end of the path.
  if (platform === 'win32') return [systemProgram(env, 'explorer.exe'), `"${folder}"`]
  const opener = openerCommand(platform, env, kernel)
  return opener && [...opener, folder]
}

/** Returns true for a folder of this machine: opening a path of another one would send it our name and a hash of our password. */
export function isOwnFolderPath(path: string, platform: NodeJS.Platform): boolean {
  if (platform !== 'win32') return isAbsolute(path)
  return /^[a-z]:[\\/][^"<>|?*]*$/i.test(path)
}

export type Reveal = 'shown' | 'not-shown' | 'no-folder'

/** Shows an existing folder. `not-shown`: there is no screen or no file manager. */
export async function revealFolder(
  folder: string,
  { env, platform }: { env: NodeJS.ProcessEnv; platform: NodeJS.Platform },
): Promise<Reveal> {
  if (!isOwnFolderPath(folder, platform)) return 'no-folder'
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return 'no-folder'
  const command = revealCommand(folder, platform, env)
  if (command === null) return 'not-shown'
  // Explorer exits with 1 whether or not it showed the folder: only its start can be verified.
  const isShown = await runOpener(command, env, {
    isVerbatim: platform === 'win32',
    anyExit: platform === 'win32',
  })
  return isShown ? 'shown' : 'not-shown'
}
