// Locks owned by the kernel: a lock disappears with the process that holds it, however it ends. Linux: an abstract Unix socket; it
// belongs to a network namespace, so a process in another one (a sandbox) does not see it. macOS: an exclusive open. Windows: a named
// pipe. The names of sockets and pipes are visible to other users while they exist: they contain a secret of this user, so that they
// cannot be known before.
import { closeSync, constants, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { codeOf } from '../lib/error-code.ts'
import { readRegularFile } from './files/read-file.ts'
import { notWritten } from './files/write-failure.ts'

const SECRET_FILE = 'lock-secret'
const SECRET = /^[0-9a-f]{32}$/
/** Darwin's open(2); Node has no constant for it. */
const O_EXLOCK = 0x20

export interface KernelLock {
  release(): void
}

/**
 * Takes the lock `name` of a private folder (0700, which exists). Null: another process holds it. It does not keep the process running.
 * AppError `not-written`, `file-unusable`.
 */
export function takeKernelLock(
  folder: string,
  name: string,
  platform: NodeJS.Platform = process.platform,
): Promise<KernelLock | null> {
  if (platform === 'darwin') return Promise.resolve(takeByOpening(join(folder, `${name}.lock`)))
  return takeByListening(lockAddress(folder, name, platform))
}

/** Returns the address of the lock's socket or pipe: 107 bytes at most. */
function lockAddress(folder: string, name: string, platform: NodeJS.Platform): string {
  const whole = `serena-deck-${process.getuid?.() ?? 'user'}-${lockSecret(folder)}-${name}`
  return platform === 'win32' ? `\\\\.\\pipe\\${whole}` : `\0${whole}`
}

function takeByListening(address: string): Promise<KernelLock | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen(address, () => {
      server.unref()
      resolve({ release: () => void server.close() })
    })
  })
}

/** Node's descriptors are closed in child processes: the lock is not inherited. */
function takeByOpening(file: string): KernelLock | null {
  const { O_RDWR, O_CREAT, O_NONBLOCK, O_NOFOLLOW } = constants
  try {
    const fd = openSync(file, O_RDWR | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_EXLOCK, 0o600)
    return { release: () => closeSync(fd) }
  } catch (error) {
    if (codeOf(error) === 'EAGAIN' || codeOf(error) === 'EWOULDBLOCK') return null
    throw notWritten(file, error)
  }
}

/** Returns the secret of the folder's lock names; creates it, once for all processes that ask at the same time. */
export function lockSecret(folder: string): string {
  const file = join(folder, SECRET_FILE)
  const known = readSecret(file)
  if (known !== null) return known
  writeSecret(file)
  const written = readSecret(file)
  if (written === null) throw unusable(file, 'it was removed')
  return written
}

const unusable = (file: string, issue: string): AppError => new AppError('file-unusable', { file, issue })

/** Null: there is none. A lock under another name would exclude nothing, so an invalid one is not replaced. */
function readSecret(file: string): string | null {
  const read = readRegularFile(file, 64)
  if (read.kind === 'missing') return null
  if (read.kind === 'refused') throw unusable(file, read.why)
  const isForeign = process.getuid !== undefined && read.uid !== process.getuid()
  if (isForeign) throw unusable(file, 'it belongs to another user')
  if (!SECRET.test(read.text)) throw unusable(file, 'its content is invalid')
  return read.text
}

/** The first link to the name counts: no process reads an incomplete secret, and none replaces it. */
function writeSecret(file: string): void {
  // Loaded only here: it costs 0.5 MB.
  const random = (): string => process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex')
  const part = `${file}.${process.pid}.${random()}.part`
  try {
    const fd = openSync(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
    try {
      writeSync(fd, random())
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    try {
      linkSync(part, file)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      unlinkSync(part)
    }
  } catch (cause) {
    throw notWritten(file, cause)
  }
}
