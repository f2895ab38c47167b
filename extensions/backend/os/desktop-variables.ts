// The variables that a window or a browser needs, from a process that has them: MCP clients pass on only a few.
import { parseEnvironment } from './linux/parse-proc.ts'
import { readWhole } from './linux/read-proc.ts'

const NAMES = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'XDG_SESSION_TYPE',
  'XDG_CURRENT_DESKTOP',
  'DBUS_SESSION_BUS_ADDRESS',
  'BROWSER',
  'LANG',
]

/**
 * Returns the desktop variables of the process that `env` does not have; empty if they cannot be read, and on platforms other than
 * Linux, which need none.
 */
export function desktopVariables(pid: number | null, env: NodeJS.ProcessEnv): Record<string, string> {
  if (pid === null || process.platform !== 'linux') return {}
  const text = readWhole(`/proc/${pid}/environ`)
  return text === null
    ? {}
    : parseEnvironment(
        text,
        NAMES.filter((name) => env[name] === undefined),
      )
}
