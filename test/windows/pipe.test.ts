// The named pipe of the hub: only this user may open it.

import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect, createServer, type Server } from 'node:net'
import type * as Koffi from 'koffi'
import { expect, test } from 'vitest'
import { loadWindowsCalls, withHandle } from '../../extensions/backend/os/windows/native-calls.ts'
import { readOwnToken } from '../../extensions/backend/os/windows/native-process-reader.ts'
import { restrictPipe } from '../../extensions/backend/os/windows/private-pipe.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const DACL = 4
const READ_CONTROL = 0x2_0000
const OPEN_EXISTING = 3

const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi
const advapi = koffi.load('advapi32.dll')
const getSecurity = advapi.func(
  'int GetKernelObjectSecurity(int64_t handle, uint32_t parts, _Out_ uint8_t *bytes, uint32_t size, _Out_ uint32_t *needed)',
)
const toText = advapi.func(
  'int ConvertSecurityDescriptorToStringSecurityDescriptorW(uint8_t *descriptor, uint32_t revision, uint32_t parts, _Out_ char16_t **text, void *size)',
)

/** Returns its access list as Windows writes it. */
function accessOf(path: string): string {
  const { calls } = loadWindowsCalls()
  if (calls === null) throw new Error('no native calls')
  const bytes = Buffer.alloc(4096)
  const text: [string] = ['']
  withHandle(calls, calls.CreateFileW(path, READ_CONTROL, 0, null, OPEN_EXISTING, 0, 0), (handle) =>
    expect([getSecurity(handle, DACL, bytes, bytes.length, [0]), toText(bytes, 1, DACL, text, null)]).toEqual(
      [1, 1],
    ),
  )
  return text[0]
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('hello')).listen(path)
  await once(server, 'listening')
  scope.add(() => void server.close())
  return server
}

test('gets an access list with this user alone, and this user still connects', async () => {
  const path = `\\\\.\\pipe\\serena-deck-test-${process.pid}-${Date.now()}`
  await listen(path)
  expect(restrictPipe(path)).toBeNull()
  const { calls } = loadWindowsCalls()
  const sid = calls && readOwnToken(calls)?.sid
  expect(sid).toMatch(/^S-1-5-/)
  expect(accessOf(path)).toBe(`D:P(A;;FA;;;${sid})`)
  for (let at = 0; at < 3; at++) {
    const socket = connect(path)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    expect(bytes.toString()).toBe('hello')
    socket.destroy()
  }
})

test('says why a pipe that does not exist cannot be restricted', () => {
  expect(restrictPipe('\\\\.\\pipe\\serena-deck-no-such-pipe')).toMatch(/^CreateFileW failed \(error \d+\)$/)
})
