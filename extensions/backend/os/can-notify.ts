// Whether the window can show notices on this desktop.
import { isRunnable } from './executable.ts'

/** The programs that the window's runtime uses on Linux (portable-file-dialogs, `settings::settings`); without one it shows nothing and reports no error. */
const NOTIFIERS = ['zenity', 'matedialog', 'qarma', 'kdialog']

/** Returns true if a notice of the runtime is seen; macOS and Windows show theirs themselves. */
export const canNotify = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  platform !== 'linux' || NOTIFIERS.some((name) => isRunnable(name, env['PATH']))
