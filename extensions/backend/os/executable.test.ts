// Where programs are found: in the absolute folders of PATH, by the rules of each platform.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProgram, foldersInPath, isExecutable } from './executable.ts'

const files =
  (...names: string[]) =>
  (path: string): boolean =>
    names.includes(path)

describe('on Windows', () => {
  const env = {
    Path: '.;C:\\bin;tools;"C:\\Program Files\\uv";;D:own',
    PathExt: '.COM;.EXE;.BAT;.CMD',
  }
  const find = (program: string, ...there: string[]): string | null =>
    findProgram(program, { env, platform: 'win32', isProgram: files(...there) })

  it.each([
    [
      'uvx',
      'C:\\Program Files\\uv\\uvx.exe',
      ['C:\\Program Files\\uv\\uvx.exe', 'C:\\Program Files\\uv\\uvx.cmd'],
    ],
    ['serena', 'C:\\bin\\serena.cmd', ['C:\\bin\\serena.cmd', 'C:\\Program Files\\uv\\serena.exe']],
    ['serena.cmd', 'C:\\bin\\serena.cmd', ['C:\\bin\\serena.cmd']],
    ['python3.11', 'C:\\bin\\python3.11.exe', ['C:\\bin\\python3.11.exe']],
    ['D:\\a b\\serena', 'D:\\a b\\serena.bat', ['D:\\a b\\serena.bat', 'C:\\bin\\serena.exe']],
    ['.\\serena', '.\\serena.exe', ['.\\serena.exe']],
    ['serena', null, ['serena.exe', '.\\serena.exe', 'tools\\serena.exe', 'D:own\\serena.exe']],
    // A file of a Unix shell is no program.
    ['npx', null, ['C:\\bin\\npx']],
  ])('finds %s as %s', (program, found, there) => {
    expect(find(program, ...there)).toBe(found)
  })

  it('takes the usual extensions without PATHEXT, and others if asked to', () => {
    const search = {
      env: { PATH: 'C:\\bin' },
      platform: 'win32' as const,
      isProgram: files('C:\\bin\\code.cmd'),
    }
    expect(findProgram('code', search)).toBe('C:\\bin\\code.cmd')
    expect(findProgram('code', { ...search, extensions: '.EXE' })).toBeNull()
  })
})

describe('elsewhere', () => {
  it.each([
    ['serena', '/opt/bin/serena', ['/opt/bin/serena', '/usr/bin/serena']],
    ['serena', '/usr/bin/serena', ['/usr/bin/serena', '/more/serena']],
    ['serena', '/more/serena', ['/more/serena']],
    ['serena', null, ['serena', './serena', 'tools/serena', '/serena', '/opt/bin/serena.exe']],
    ['./serena', './serena', ['./serena']],
    ['/a b/serena', '/a b/serena', ['/a b/serena', '/opt/bin/serena']],
  ])('finds %s as %s', (program, found, there) => {
    const env = { PATH: ':.:/opt/bin:tools::/usr/bin:', PATHEXT: '.exe' }
    const search = { env, platform: 'linux' as const, more: ['/more'], isProgram: files(...there) }
    expect(findProgram(program, search)).toBe(found)
  })

  it('has no folders without PATH', () => {
    expect([foldersInPath({}, 'linux'), foldersInPath({ PATH: '' }, 'win32')]).toEqual([[], []])
  })
})

it.skipIf(process.platform === 'win32')('takes a file with the right to execute it, and no folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deck-executable-'))
  try {
    const [file, below] = [join(folder, 'file'), join(folder, 'below')]
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 })
    mkdirSync(below)
    expect([file, below, join(folder, 'missing')].map(isExecutable)).toEqual([false, false, false])
    chmodSync(file, 0o755)
    expect(isExecutable(file)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
