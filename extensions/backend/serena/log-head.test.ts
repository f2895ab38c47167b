// The log of a process by the pid in its name.
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLogOf, logModifiedAtMs, parseLogHead } from './log-head.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'serena-deck-logs-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const noon = new Date(2026, 10, 23, 12).getTime()
function writeLog(day: string, name: string, pid: number, writtenAtMs = noon): string {
  const folder = join(home, 'logs', day)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(
    file,
    `INFO x - Starting Serena server (version=2.1.0, process id=${pid}, parent process id=1)\n`,
  )
  utimesSync(file, writtenAtMs / 1000, writtenAtMs / 1000)
  return file
}

test('is the one that names the pid in its name and in its text', async () => {
  const file = writeLog('2026-11-23', 'mcp_20261123-120001_4711.txt', 4711)
  writeLog('2026-11-23', 'mcp_20261123-120000_14711.txt', 14_711)
  expect(await findLogOf(home, 4711, noon)).toBe(file)
  expect(await findLogOf(home, 711, noon)).toBeNull()
})

test("is not that of an earlier process with the pid, nor one whose text is another's", async () => {
  writeLog('2026-11-23', 'mcp_20261123-080000_4711.txt', 4711, noon - 3_600_000)
  writeLog('2026-11-23', 'mcp_20261123-120001_4711.txt', 9)
  expect(await findLogOf(home, 4711, noon)).toBeNull()
})

test('may be in the folder of the next day, and in none', async () => {
  const midnight = new Date(2026, 10, 23, 23, 59, 59).getTime()
  const file = writeLog('2026-11-24', 'mcp_20261124-000001_4711.txt', 4711, midnight + 2_000)
  expect(await findLogOf(home, 4711, midnight)).toBe(file)
  expect(await findLogOf(join(home, 'none'), 4711, midnight)).toBeNull()
})

test('ignores a version that is too long', () => {
  const headOf = (version: string) =>
    parseLogHead(`INFO x - Starting Serena server (version=${version}, process id=9, parent process id=1)`)
  expect(headOf('2.1.0.dev12+g0a1b2c3')).toMatchObject({ serenaVersion: '2.1.0.dev12+g0a1b2c3', pid: 9 })
  expect(headOf('9'.repeat(100_000))).toMatchObject({ serenaVersion: null })
})

/** A tmpfs keeps such times; ext4 cuts them. */
test.skipIf(!existsSync('/dev/shm'))('has no time if its date is not valid', () => {
  const file = join('/dev/shm', `serena-deck-log-${process.pid}.txt`)
  writeFileSync(file, '')
  try {
    utimesSync(file, 9e14, 9e14)
    expect(logModifiedAtMs(file)).toBeNull()
    utimesSync(file, noon / 1000, noon / 1000)
    expect(logModifiedAtMs(file)).toBe(noon)
  } finally {
    rmSync(file)
  }
})
