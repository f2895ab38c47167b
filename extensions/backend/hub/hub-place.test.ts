// The hub's folder and socket: private, short enough for the kernel, and refused when they are not this user's.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasOwnSocket, prepareHubPlace } from './hub-place.ts'

let state = ''
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'hub-place-'))
})
afterEach(() => rmSync(state, { recursive: true }))

it.skipIf(process.platform === 'win32')('makes the folder private, also one that was readable', () => {
  mkdirSync(join(state, 'hub'))
  chmodSync(join(state, 'hub'), 0o755)
  const { folder, socket, logFile } = prepareHubPlace(state)
  expect([folder, socket, logFile]).toEqual(
    ['hub', 'hub/hub.sock', 'hub/hub.log'].map((name) => join(state, name)),
  )
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it.skipIf(process.platform === 'win32')('refuses a symbolic link in place of the folder', () => {
  symlinkSync(state, join(state, 'hub'))
  expect(() => prepareHubPlace(state)).toThrow(/hub is not private: it is a symbolic link/)
})

it.skipIf(process.platform === 'win32')('a long path is replaced by the same short one each time', () => {
  const long = join(state, 'long'.repeat(20))
  const { socket } = prepareHubPlace(long)
  expect(socket).toMatch(new RegExp(`^/tmp/serena-deck-${process.getuid?.()}/[0-9a-f]{24}\\.sock$`))
  expect(prepareHubPlace(`${long}/`).socket).toBe(socket)
  expect(prepareHubPlace(`${long}2`).socket).not.toBe(socket)
})

it('a named pipe has a secret name', () => {
  const { socket } = prepareHubPlace(state, 'win32')
  expect(socket).toMatch(/^\\\\\.\\pipe\\serena-deck-[0-9a-f]{32}$/)
  expect(prepareHubPlace(state, 'win32').socket).toBe(socket)
})

it.skipIf(process.platform === 'win32')('accepts a socket only', async () => {
  const { socket } = prepareHubPlace(state)
  expect(hasOwnSocket(socket)).toBe(false)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  expect(hasOwnSocket(socket)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  writeFileSync(socket, '')
  expect(() => hasOwnSocket(socket)).toThrow('it is not a socket')
  rmSync(socket)
  symlinkSync('/tmp', socket)
  expect(() => hasOwnSocket(socket)).toThrow('it is not a socket')
})
