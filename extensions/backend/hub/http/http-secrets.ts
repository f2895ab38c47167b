// The token of the hub's URL: a file in the private folder of the hub, kept across restarts, because the configurations of clients
// contain it. The secret of a path and the key of session ids are derived from it.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { linkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { codeOf } from '../../lib/error-code.ts'
import { readRegularFile } from '../../os/files/read-file.ts'
import { notWritten } from '../../os/files/write-failure.ts'
import { writeFileWhole } from '../../os/files/write-file.ts'

const FILE = 'http-token'
const TOKEN = /^[\w-]{43}$/
const RANDOM_BYTES = 18
const MAC_CHARACTERS = 24

export interface HttpSecrets {
  readonly token: string
  /** For clients that cannot send headers: `/mcp/SECRET/PROJECT`. */
  readonly pathSecret: string
  isToken(candidate: string): boolean
  isPathSecret(candidate: string): boolean
  newSessionId(): string
  /** Whether a hub with this token made the id: it can then be continued. */
  isSessionId(candidate: string): boolean
}

/** Reads the token in that folder, or makes one (mode 0600). AppError `file-unusable`, `not-written`. */
export function readHttpSecrets(folder: string): HttpSecrets {
  return secretsOf(readToken(join(folder, FILE)))
}

function readToken(file: string): string {
  const read = readRegularFile(file, 256)
  const unusable = (issue: string): AppError => new AppError('file-unusable', { file, issue })
  if (read.kind === 'refused') throw unusable(read.why)
  if (read.kind === 'missing') {
    writeToken(file)
    return readToken(file)
  }
  if (process.getuid !== undefined && read.uid !== process.getuid())
    throw unusable('it belongs to another user')
  if (process.platform !== 'win32' && (read.mode & 0o077) !== 0)
    throw unusable('other users can read it: remove it, then copy the new token to your clients')
  const token = read.text.trim()
  if (!TOKEN.test(token)) throw unusable('its content is invalid')
  return token
}

/** The first link to the name counts: two processes may ask at the same time. */
function writeToken(file: string): void {
  const part = `${file}.${process.pid}.part`
  writeFileWhole(part, `${randomBytes(32).toString('base64url')}\n`)
  try {
    linkSync(part, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw notWritten(file, error)
  } finally {
    unlinkSync(part)
  }
}

/** Returns the secrets derived from a token. Pure. */
export function secretsOf(token: string): HttpSecrets {
  const pathSecret = derive(token, 'path')
  const macOf = (random: string): string => derive(token, `session ${random}`).slice(0, MAC_CHARACTERS)
  return {
    token,
    pathSecret,
    isToken: (candidate) => isEqual(candidate, token),
    isPathSecret: (candidate) => isEqual(candidate, pathSecret),
    newSessionId() {
      const random = randomBytes(RANDOM_BYTES).toString('base64url')
      return `${random}.${macOf(random)}`
    },
    isSessionId(candidate) {
      const [random = '', mac = '', ...others] = candidate.split('.')
      return others.length === 0 && /^[\w-]{24}$/.test(random) && isEqual(mac, macOf(random))
    },
  }
}

const derive = (token: string, purpose: string): string =>
  createHmac('sha256', token).update(`serena-deck ${purpose}`).digest('base64url')

/** Hashed first: the lengths are then equal, and the duration of the comparison reveals nothing. */
const isEqual = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b))
const hashOf = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest()
