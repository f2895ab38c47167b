// Opening the page: the nonce goes through a file that only we can read, never through a command line.
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openerCommand, openInBrowser, redirectPage } from './open-in-browser.ts'

const ADDRESS = 'http://127.0.0.1:25282/#s3cret-nonce_1'
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serena-deck-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** An xdg-open of our own that writes down what it was given. */
async function fakeOpener(exitCode: number): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'xdg-open')
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/argv'\ncp "$1" '${folder}/page'\nexit ${exitCode}\n`
  await writeFile(bin, script)
  await chmod(bin, 0o755)
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' }
}
const isLinux = process.platform === 'linux'

test.runIf(isLinux)('gives the opener a file, not the address, and only we can read it', async () => {
  const env = await fakeOpener(0)
  expect(await openInBrowser(ADDRESS, { stateFolder: folder, env, platform: 'linux' })).toBe(true)
  const argv = await readFile(join(folder, 'argv'), 'utf8')
  expect(argv).not.toContain('s3cret')
  expect(argv.trim()).toMatch(/\/open-[0-9a-f]{16}\.html$/)
  expect((await stat(argv.trim())).mode & 0o777).toBe(0o600)
  expect(await readFile(join(folder, 'page'), 'utf8')).toContain(`content="0;url=${ADDRESS}"`)
})

test.runIf(isLinux)('removes earlier files, and reports when the opener failed', async () => {
  await openInBrowser(ADDRESS, { stateFolder: folder, env: await fakeOpener(0), platform: 'linux' })
  const env = await fakeOpener(3)
  expect(await openInBrowser(ADDRESS, { stateFolder: folder, env, platform: 'linux' })).toBe(false)
  expect((await readdir(folder)).filter((name) => name.endsWith('.html'))).toHaveLength(1)
})

test('without a screen there is nothing to open with', async () => {
  expect(await openInBrowser(ADDRESS, { stateFolder: folder, env: {}, platform: 'linux' })).toBe(
    openerCommand('linux', {}) !== null,
  )
  expect(openerCommand('linux', {}, '6.18.0-generic')).toBeNull()
  expect(openerCommand('linux', {}, '5.15.0-microsoft-standard-WSL2')).toEqual(['xdg-open'])
  expect(openerCommand('darwin', {})).toEqual(['open'])
  expect(openerCommand('win32', {})).toEqual([
    'C:\\Windows\\System32\\rundll32.exe',
    'url.dll,FileProtocolHandler',
  ])
})

test.each([
  'https://evil.example/#x',
  'http://127.0.0.1:1/#"><script>',
  'javascript:alert(1)',
  'http://127.0.0.1:25282/',
])('refuses %s', (address) => {
  expect(() => redirectPage(address)).toThrow('not an address of ours')
})
