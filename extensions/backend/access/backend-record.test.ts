// The backend's record: whole, private, and never written through what others planted.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { secureFolder } from '../os/files/secure-folder.ts'
import {
  type BackendRecord,
  readBackendRecord,
  removeBackendRecord,
  writeBackendRecord,
} from './backend-record.ts'

const record: BackendRecord = { schema: 1, pid: 7, port: 25282, token: 'T', version: '1', startedAt: 'now' }
let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deck-state-'))
  folder = join(root, 'state')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
const mode = (path: string) => statSync(path).mode & 0o777

describe('the record of the backend', () => {
  it.each([0o000, 0o002, 0o022])('is private under umask %o', (mask) => {
    const before = process.umask(mask)
    try {
      writeBackendRecord(folder, record)
    } finally {
      process.umask(before)
    }
    expect([mode(folder), mode(join(folder, 'backend.json'))]).toEqual([0o700, 0o600])
    expect(readBackendRecord(folder)).toEqual(record)
    expect(readdirSync(folder)).toEqual(['backend.json'])
  })

  it.each(['777', '775', '770'])('tightens a folder of mode %s and replaces a loose file', (octal) => {
    mkdirSync(folder)
    chmodSync(folder, Number.parseInt(octal, 8))
    writeFileSync(join(folder, 'backend.json'), JSON.stringify(record), { mode: 0o644 })
    expect(readBackendRecord(folder)).toBeNull()
    writeBackendRecord(folder, record)
    expect([mode(folder), mode(join(folder, 'backend.json'))]).toEqual([0o700, 0o600])
  })

  it('replaces a planted link without touching what it points to', () => {
    mkdirSync(folder, { mode: 0o700 })
    const victim = join(root, 'victim')
    writeFileSync(victim, 'precious')
    symlinkSync(victim, join(folder, 'backend.json'))
    expect(readBackendRecord(folder)).toBeNull()
    writeBackendRecord(folder, record)
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(lstatSync(join(folder, 'backend.json')).isSymbolicLink()).toBe(false)
  })

  it('creates nothing at the target of a dangling link', () => {
    mkdirSync(folder, { mode: 0o700 })
    symlinkSync(join(root, 'nowhere'), join(folder, 'backend.json'))
    expect(readBackendRecord(folder)).toBeNull()
    writeBackendRecord(folder, record)
    expect(existsSync(join(root, 'nowhere'))).toBe(false)
    expect(lstatSync(join(folder, 'backend.json')).isSymbolicLink()).toBe(false)
    expect(readBackendRecord(folder)).toEqual(record)
  })

  it('refuses a folder that is a link', () => {
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), folder)
    expect(() => secureFolder(folder)).toThrowError(expect.objectContaining({ code: 'state-folder-unsafe' }))
  })

  it.runIf(process.getuid?.() === 0)("refuses another user's folder", async () => {
    const { chownSync } = await import('node:fs')
    mkdirSync(folder)
    chownSync(folder, 65534, 65534)
    expect(() => writeBackendRecord(folder, record)).toThrowError(
      expect.objectContaining({ code: 'state-folder-unsafe' }),
    )
    expect(readdirSync(folder)).toEqual([])
  })

  it('names no backend when it is cut off, foreign or missing, and is removed only with its own token', () => {
    expect(readBackendRecord(folder)).toBeNull()
    writeBackendRecord(folder, record)
    removeBackendRecord(folder, 'another')
    expect(readBackendRecord(folder)).toEqual(record)
    removeBackendRecord(folder, 'T')
    expect(readBackendRecord(folder)).toBeNull()
    for (const text of ['', '{', '{"schema":2}', '[]']) {
      writeFileSync(join(folder, 'backend.json'), text, { mode: 0o600 })
      expect(readBackendRecord(folder)).toBeNull()
    }
  })
})
