// The token's file: made once, never replaced, never readable by others.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readHttpSecrets, secretsOf } from './http-secrets.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const file = () => join(folder, 'http-token')

it('makes a token of 256 bits with mode 600, and keeps it', () => {
  const { token } = readHttpSecrets(folder)
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readHttpSecrets(folder).token).toBe(token)
  expect(readFileSync(file(), 'utf8')).toBe(`${token}\n`)
})

it.each<[string, () => void]>([
  ['that others can read', () => chmodSync(file(), 0o644)],
  [
    'that is a link',
    () => {
      rmSync(file())
      symlinkSync('/etc/hostname', file())
    },
  ],
  ['with other content', () => writeFileSync(file(), 'short\n')],
])('refuses a file %s, and does not replace it', (_, spoil) => {
  readHttpSecrets(folder)
  spoil()
  expect(() => readHttpSecrets(folder)).toThrow(expect.objectContaining({ code: 'file-unusable' }))
})

it('accepts exactly its token, its secret and its session ids', () => {
  const secrets = secretsOf('a'.repeat(43))
  const other = secretsOf('b'.repeat(43))
  expect([secrets.isToken('a'.repeat(43)), secrets.isToken('a'.repeat(42)), secrets.isToken('')]).toEqual([
    true,
    false,
    false,
  ])
  expect([secrets.isPathSecret(secrets.pathSecret), secrets.isPathSecret(secrets.token)]).toEqual([
    true,
    false,
  ])
  expect(secrets.pathSecret).not.toBe(other.pathSecret)
  const id = secrets.newSessionId()
  // The protocol: visible ASCII only.
  expect(id).toMatch(/^[\x21-\x7e]+$/)
  expect([secrets.isSessionId(id), other.isSessionId(id), secrets.isSessionId(`${id}.`)]).toEqual([
    true,
    false,
    false,
  ])
  expect(secrets.newSessionId()).not.toBe(id)
})
