// Programs of ours behind walls of the kernel: another network, another pid namespace, another user. Linux, as root.
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Nobody's user and group. */
export const NOBODY = 65_534

/** Whether walls can be built here; else why not. */
export function whyNoWalls(): string | null {
  if (process.platform !== 'linux') return 'namespaces are Linux'
  if (process.getuid?.() !== 0) return 'namespaces and other users need root'
  const missing = ['unshare', 'nsenter', 'setpriv', 'ip'].find((name) => !isInPath(name))
  if (missing !== undefined) return `${missing} is not installed`
  try {
    execFileSync('unshare', ['--net', '--pid', '--fork', '--mount-proc', 'ip', 'link', 'set', 'lo', 'up'], {
      stdio: 'ignore',
    })
    return null
  } catch {
    return 'the kernel refuses namespaces here'
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

/** The words that run what follows with a network of its own, where only loopback is. */
export const inOwnNetwork: readonly string[] = [
  'unshare',
  '--net',
  'sh',
  '-c',
  'ip link set lo up && exec "$@"',
  'sh',
]

/** The words that run what follows in the network of that process. */
export const inNetworkOf = (pid: number): readonly string[] => ['nsenter', `--net=/proc/${pid}/ns/net`]

/** The words that run what follows as nobody. */
export const asNobody: readonly string[] = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
]

/** The words that run what follows where no process of ours can be seen: a pid namespace with its own /proc. */
export const inOwnPids: readonly string[] = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
