// Whether the window can show notices on this desktop.
import { isRunnable } from './executable.ts'

/** What the window's runtime asks on Linux (portable-file-dialogs, `settings::settings`); without one it says nothing, and no error. */
const NOTIFIERS = ['zenity', 'matedialog', 'qarma', 'kdialog']

/** True when a notice of the runtime is seen; macOS and Windows show theirs themselves. */
export const canNotify = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean =>
  platform !== 'linux' || NOTIFIERS.some((name) => isRunnable(name, env['PATH']))
