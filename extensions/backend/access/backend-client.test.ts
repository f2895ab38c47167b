// A program that took the port of an exited backend receives no token and is never accepted as the backend.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBackend } from './backend-client.ts'
import { writeBackendRecord } from './backend-record.ts'
import { proofOf } from './proof.ts'

const TOKEN = 'the-secret-token-of-the-backend-that-is-gone'
let folder = ''
let squatter: Server
let heard: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-squatter-'))
  heard = []
})
afterEach(async () => {
  squatter.closeAllConnections()
  await new Promise((resolve) => squatter.close(resolve))
  rmSync(folder, { recursive: true })
})

type Answer = (challenge: string, response: ServerResponse) => void

/** Listens where the record says that our backend does, and records each byte that it receives. */
async function squat(answer: Answer): Promise<void> {
  squatter = createServer((request: IncomingMessage, response) => {
    heard.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`)
    request.on('data', (chunk) => heard.push(String(chunk)))
    answer(new URL(request.url ?? '', 'http://x').searchParams.get('challenge') ?? '', response)
  })
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
  const { port } = squatter.address() as AddressInfo
  const startedAt = new Date().toISOString()
  writeBackendRecord(folder, { schema: 1, pid: process.pid, port, token: TOKEN, version: '1', startedAt })
}

const says =
  (proof: (challenge: string) => unknown): Answer =>
  (challenge, response) =>
    void response.end(
      JSON.stringify({ product: 'serena-deck', version: '1', pid: process.pid, proof: proof(challenge) }),
    )

const strangers: [string, Answer][] = [
  ['refuses', (_, response) => response.writeHead(404).end()],
  ['leads elsewhere', (_, response) => response.writeHead(302, { location: '/api/instances' }).end()],
  ['hangs up', (_, response) => response.destroy()],
  ['says something else', (_, response) => response.end('<html>')],
  ['gives the challenge back', says((challenge) => challenge)],
  ['guesses a proof', says(() => '0'.repeat(64))],
  ['proves another token', says((challenge) => proofOf('another', challenge))],
  ['proves another challenge', says(() => proofOf(TOKEN, 'ab'.repeat(32)))],
  ['proves too much', says((challenge) => `${proofOf(TOKEN, challenge)}0`)],
  ['gives a list', says((challenge) => [proofOf(TOKEN, challenge)])],
  ['never answers', () => undefined],
]

test('reads only the start of an endless answer', async () => {
  let sent = 0
  const block = Buffer.alloc(64 * 1024, 'x')
  await squat((_, response) => {
    const more = (): void => {
      sent += block.length
      if (!response.destroyed) response.write(block, more)
    }
    more()
  })
  expect(await findBackend(folder)).toBeNull()
  // What fits into the buffers of the connection, and no more.
  expect(sent).toBeLessThan(32 * 1024 * 1024)
})

test.each(strangers)('rejects a program that %s', async (_, answer) => {
  await squat(answer)
  expect(await findBackend(folder)).toBeNull()
  expect(heard).toHaveLength(1)
  expect(heard.join()).not.toMatch(/authorization|bearer|secret-token/i)
})

test('each request has its own challenge, and a correct proof is accepted', async () => {
  await squat(says((challenge) => proofOf(TOKEN, challenge)))
  const backend = await findBackend(folder)
  expect(backend?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  await findBackend(folder)
  expect(heard).toHaveLength(2)
  expect(heard[0]).not.toBe(heard[1])
  // Only now is the token sent: the squatters above would have received it.
  await backend?.call('instances').catch(() => undefined)
  expect(heard[2]).toContain(`Bearer ${TOKEN}`)
})
