// A notice needs a program of the desktop on Linux, and nothing elsewhere.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canNotify } from './can-notify.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-notices-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test.skipIf(process.platform === 'win32')('on Linux one of four programs in the path', () => {
  const env = { PATH: ['/nonexistent', folder].join(delimiter) }
  expect(canNotify(env, 'linux')).toBe(false)
  const program = join(folder, 'kdialog')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o644 })
  expect(canNotify(env, 'linux')).toBe(false)
  chmodSync(program, 0o755)
  expect(canNotify(env, 'linux')).toBe(true)
  expect(canNotify({}, 'linux')).toBe(false)
})

test('on macOS and Windows the runtime has its own', () => {
  expect([canNotify({}, 'darwin'), canNotify({}, 'win32')]).toEqual([true, true])
})
