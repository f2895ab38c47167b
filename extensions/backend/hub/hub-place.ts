// Where the hub of this user and state folder is: its private folder, its socket, its log. It depends only on the state folder, so that
// processes with different environments find the same hub.
import { lstatSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '#contract/errors'
import { makePrivate } from '../os/files/private-folder.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { lockSecret } from '../os/kernel-lock.ts'

/** `sun_path` of macOS has 104 bytes with the final zero, that of Linux 108. */
const MAX_SOCKET_BYTES = 103
/** Not TMPDIR or XDG_RUNTIME_DIR: some clients start their servers without them. */
const SHORT_PARENT = '/tmp'

export interface HubPlace {
  /** 0700: locks, log, kept copies. */
  folder: string
  /** Address of the Unix socket or the named pipe. */
  socket: string
  logFile: string
}

/**
 * Returns the hub's place; its folders exist and are private afterwards. AppError `state-folder-unsafe`, `state-folder-unusable`,
 * `hub-unsafe`, `not-written`.
 */
export function prepareHubPlace(stateFolder: string, platform: NodeJS.Platform = process.platform): HubPlace {
  const state = resolve(stateFolder)
  const folder = join(state, 'hub')
  secureFolder(state)
  secureFolder(folder)
  return { folder, socket: socketOf(folder, platform), logFile: join(folder, 'hub.log') }
}

/** Returns the address of the hub's socket without creating anything; null: no hub has run here. AppError `hub-unsafe`. */
export function findHubSocket(
  stateFolder: string,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const folder = join(resolve(stateFolder), 'hub')
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return null
  const socket = socketOf(folder, platform)
  return hasOwnSocket(socket, platform) ? socket : null
}

function socketOf(folder: string, platform: NodeJS.Platform): string {
  // A pipe has no folder that protects it: its name must not be known.
  if (platform === 'win32') return `\\\\.\\pipe\\serena-deck-${lockSecret(folder)}`
  const socket = join(folder, 'hub.sock')
  return Buffer.byteLength(socket) <= MAX_SOCKET_BYTES ? socket : shortSocket(folder)
}

/** A path that fits, in a folder of this user below /tmp. */
function shortSocket(folder: string): string {
  const parent = join(SHORT_PARENT, `serena-deck-${process.getuid?.() ?? 'user'}`)
  const issue = makePrivate(parent)
  if (issue !== null) throw new AppError('hub-unsafe', { path: parent, issue })
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256').update(folder).digest('hex')
  return join(parent, `${hash.slice(0, 24)}.sock`)
}

/** Checks before a connection that the socket is one of this user. False: there is none. AppError `hub-unsafe`. */
export function hasOwnSocket(socket: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'win32') return true
  const stats = lstatSync(socket, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (!stats.isSocket()) throw new AppError('hub-unsafe', { path: socket, issue: 'it is not a socket' })
  if (stats.uid !== process.getuid?.())
    throw new AppError('hub-unsafe', { path: socket, issue: 'it belongs to another user' })
  return true
}
