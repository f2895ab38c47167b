// Showing a folder: one word of one command line, no shell, folders of this machine only.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOwnFolderPath, revealCommand, revealFolder } from './reveal.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serena-deck-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.runIf(process.platform === 'linux')('the file manager gets the folder as one word', async () => {
  const opener = join(folder, 'xdg-open')
  await writeFile(opener, `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${folder}/argv'\n`)
  await chmod(opener, 0o755)
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' }
  const project = join(folder, "a'; $(touch x) #, b")
  await mkdir(project)
  expect(await revealFolder(project, { env, platform: 'linux' })).toBe('shown')
  expect(await readFile(join(folder, 'argv'), 'utf8')).toBe(`1\n${project}\n`)
  await writeFile(opener, '#!/bin/sh\nexit 3\n')
  expect(await revealFolder(project, { env, platform: 'linux' })).toBe('not-shown')
})

test('a path that is no folder is not opened', async () => {
  const env = { PATH: '', DISPLAY: ':99' }
  await writeFile(join(folder, 'run.desktop'), 'x')
  expect(await revealFolder(join(folder, 'run.desktop'), { env, platform: 'linux' })).toBe('no-folder')
  expect(await revealFolder(join(folder, 'gone'), { env, platform: 'linux' })).toBe('no-folder')
  expect(await revealFolder('.', { env, platform: 'linux' })).toBe('no-folder')
})

test('the command of each platform', () => {
  expect(revealCommand('/srv/x.app', 'darwin', {})).toEqual(['open', '-R', '/srv/x.app'])
  expect(revealCommand('C:\\a, b', 'win32', { SYSTEMROOT: 'D:\\W' })).toEqual([
    'D:\\W\\explorer.exe',
    '"C:\\a, b"',
  ])
  expect(revealCommand('/srv/x', 'linux', { DISPLAY: ':0' }, '6.8')).toEqual(['xdg-open', '/srv/x'])
  expect(revealCommand('/srv/x', 'linux', {}, '6.8')).toBeNull()
})

test.each([
  '\\\\evil.example\\share',
  '//evil.example/share',
  'https://evil.example',
  'C:\\a" /root,"x',
  'C:x',
])('on Windows %s is no folder of this machine', (path) => expect(isOwnFolderPath(path, 'win32')).toBe(false))
