// The variables that a window or a browser needs, of a process that has them: MCP clients pass few of theirs on.
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

/** Those of the process that `env` has not; none where they cannot be read, and elsewhere than on Linux, where none is needed. */
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
