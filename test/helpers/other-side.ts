// Runs programs isolated by the kernel: another network, another pid namespace, another user. Linux, as root.
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The user and group id of nobody. */
export const NOBODY = 65_534

/** Why programs cannot be isolated here; null: they can. */
export function whyNoIsolation(): string | null {
  if (process.platform !== 'linux') return 'namespaces need Linux'
  if (process.getuid?.() !== 0) return 'namespaces and other users need root'
  const missing = ['unshare', 'nsenter', 'setpriv', 'ip'].find((name) => !isInPath(name))
  if (missing !== undefined) return `${missing} is not installed`
  try {
    execFileSync('unshare', ['--net', '--pid', '--fork', '--mount-proc', 'ip', 'link', 'set', 'lo', 'up'], {
      stdio: 'ignore',
    })
    return null
  } catch {
    return 'namespaces are not permitted here'
  }
}

function isInPath(name: string): boolean {
  const folders = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      // Not in this folder.
      return false
    }
  })
}

/** The command prefix that runs a program in its own network namespace with only loopback. */
export const inOwnNetwork: readonly string[] = [
  'unshare',
  '--net',
  'sh',
  '-c',
  'ip link set lo up && exec "$@"',
  'sh',
]

/** Returns the command prefix that runs a program in the network namespace of that process. */
export const inNetworkOf = (pid: number): readonly string[] => ['nsenter', `--net=/proc/${pid}/ns/net`]

/** The command prefix that runs a program as the user nobody. */
export const asOtherUser: readonly string[] = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
]

/** The command prefix that runs a program in its own pid namespace with its own /proc, where our processes are not visible. */
export const inOwnPids: readonly string[] = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
