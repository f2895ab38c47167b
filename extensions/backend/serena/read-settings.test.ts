// The settings of a home, with real files: changed, removed, and everything that is not a regular file.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cpuTimeMs } from '../lib/cpu-time.fixture.ts'
import { createSettingsReader } from './read-settings.ts'
import { NO_SETTINGS } from './serena-settings.ts'
import { settingsFileOf } from './settings-file.ts'

let home = ''
let file = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'settings-'))
  file = settingsFileOf(home)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it('follows the file while it is created, changed, broken, repaired and removed', () => {
  const { read } = createSettingsReader()
  expect(read(home)).toEqual(NO_SETTINGS)
  writeFileSync(file, 'idle_shutdown_minutes: 5\n')
  const first = read(home)
  expect(first.idleShutdownMinutes).toBe(5)
  expect(read(home)).toBe(first)
  writeFileSync(file, 'idle_shutdown_minutes: 30\n')
  expect(read(home).idleShutdownMinutes).toBe(30)
  writeFileSync(file, 'idle_shutdown_minutes: [30\n')
  expect(read(home)).toMatchObject({ idleShutdownMinutes: null, problems: [{ key: '' }] })
  writeFileSync(file, 'idle_shutdown_minutes: 0.25\n')
  expect(read(home).idleShutdownMinutes).toBe(0.25)
  unlinkSync(file)
  expect(read(home)).toEqual(NO_SETTINGS)
})

it('keeps two homes apart', () => {
  const { read } = createSettingsReader()
  const other = join(home, 'other')
  mkdirSync(other)
  writeFileSync(file, 'zombie_prune_minutes: 1\n')
  writeFileSync(settingsFileOf(other), 'zombie_prune_minutes: 2\n')
  expect([read(home).zombiePruneMinutes, read(other).zombiePruneMinutes]).toEqual([1, 2])
})

const PLANTED: readonly [string, () => void, RegExp][] = [
  [
    'a link',
    () => {
      writeFileSync(join(home, 'elsewhere'), 'zombie_prune_minutes: 1\n')
      symlinkSync(join(home, 'elsewhere'), file)
    },
    /symbolic link/,
  ],
  ['a FIFO', () => void execFileSync('mkfifo', [file]), /not a regular file/],
  ['a folder', () => mkdirSync(file), /not a regular file/],
  [
    'a huge file',
    () => {
      writeFileSync(file, '')
      truncateSync(file, 5 * 1024 * 1024)
    },
    /larger than 256 KiB/,
  ],
]

const many = (count: number, line: string): string => `${line}\n`.repeat(count)

it.each([
  [
    '300,000 keys',
    Array.from({ length: 300_000 }, (_, i) => `key_${i}: ${i}`).join('\n'),
    /larger than 256 KiB/,
  ],
  ['a value of 10 MB', `key: "${'x'.repeat(10_000_000)}"\n`, /larger than 256 KiB/],
  ['200 KiB of flow lists', `web_dashboard_global: ${'['.repeat(200_000)}\n`, /larger than 64 KiB/],
])('leaves out %s quickly and says so', (_, text, why) => {
  writeFileSync(file, `zombie_prune_minutes: 1\n${text}`)
  const began = cpuTimeMs()
  const { problems, ...values } = createSettingsReader().read(home)
  expect(cpuTimeMs() - began).toBeLessThan(500)
  expect({ ...values, problems: [] }).toEqual(NO_SETTINGS)
  expect(problems).toEqual([{ key: '', text: expect.stringMatching(why) as string }])
})

it('reads the keys of a stock file with thousands of projects quickly', () => {
  const projects = many(3_000, '- /home/someone/code/a-project-of-mine/checkout')
  writeFileSync(file, `web_dashboard_interface:\n\n# said\nidle_shutdown_minutes: 5\nprojects:\n${projects}`)
  const began = cpuTimeMs()
  expect(createSettingsReader().read(home)).toEqual({ ...NO_SETTINGS, idleShutdownMinutes: 5 })
  expect(cpuTimeMs() - began).toBeLessThan(500)
})

it.runIf(process.platform !== 'win32').each(PLANTED)('leaves out %s and says so', (_, plant, why) => {
  plant()
  const { problems, ...values } = createSettingsReader().read(home)
  expect({ ...values, problems: [] }).toEqual(NO_SETTINGS)
  expect(problems).toEqual([{ key: '', text: expect.stringMatching(why) as string }])
})
