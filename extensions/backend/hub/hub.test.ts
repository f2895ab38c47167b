// The hub by an injected clock: a machine that sleeps for hours.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
// Loaded on demand by the hub: they must not still be loading when a test ends.
import '../os/files/write-file.ts'
import './children-work.ts'
import { createHub, type Hub } from './hub.ts'
import { createKeptCopies } from './kept-copies.ts'
import { type ClientHello, NO_FLAGS } from './protocol.ts'
import type { ChildDeps } from './serena-child.ts'
import type { Session } from './session.ts'

const NIGHT_MS = 8 * 3_600_000
const MINUTE_MS = 60_000

let folder: string
let nowMs: number
let hub: Hub
let session: Session
let received: { id?: unknown; result?: { answered?: unknown } }[]
let notes: string[]
let starts: number
let usedBytes: number
/** Ids of calls that are not answered yet. */
let held: unknown[]
let isHolding: boolean
let answerHeld: () => void

/** A Serena that answers everything, but for tool calls while `isHolding`. */
function startChild({
  onLine,
}: ChildDeps): Promise<{ pid: number; write(line: Buffer): void; end(): Promise<void> }> {
  starts++
  const answer = (id: unknown): void =>
    onLine(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { answered: starts } })))
  answerHeld = () => held.splice(0).forEach(answer)
  return Promise.resolve({
    pid: 1_000_000 + starts,
    write(line) {
      const { id, method } = JSON.parse(line.toString()) as { id?: unknown; method?: string }
      if (id === undefined) return
      if (isHolding && method === 'tools/call') held.push(id)
      else queueMicrotask(() => answer(id))
    },
    end: () => Promise.resolve(),
  })
}

const helloIn = (cwd: string): ClientHello => ({
  ...{ serenaDeck: 'hello', protocol: 1, release: 'test', kind: 'client' },
  ...{ pid: 10, parentPid: 9, cwd, env: {}, isResumed: false, flags: NO_FLAGS },
  command: ['serena', 'start-mcp-server', '--project', cwd],
})

const send = (message: object): void =>
  session.receive(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })))
const call = (id: number): void =>
  send({ id, method: 'tools/call', params: { name: 'write', arguments: {} } })
const answerTo = (id: number): Promise<unknown> =>
  vi.waitFor(() => {
    const found = received.find((one) => one.id === id)
    if (!found) throw new Error(`no answer to ${id}`)
    return found.result?.answered
  })

function pass(ms: number): void {
  nowMs += ms
  hub.tick()
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-clock-'))
  nowMs = 5_000
  received = []
  notes = []
  starts = 0
  usedBytes = 0
  held = []
  isHolding = false
  hub = createHub({
    copies: createKeptCopies(join(folder, 'kept')),
    prepareStart: () => ({
      start: startChild,
      mayRetry: () => false,
      callLimits: () => ({ callMs: 5 * MINUTE_MS, pingMs: 30_000, hardMs: 15 * MINUTE_MS }),
      idleShutdownMinutes: () => 30,
      changed: () => undefined,
    }),
    lingerMs: MINUTE_MS,
    onChange: () => undefined,
    onRequest: () => undefined,
    onFault: (error) => {
      throw error
    },
    used: (bytes) => void (usedBytes += bytes),
    now: () => nowMs,
  })
  session = hub.connect(helloIn(folder), {
    send: (line) => void received.push(JSON.parse(line.toString()) as { id?: unknown }),
    unreadBytes: () => 0,
    close: (note) => void notes.push(note),
  })
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {} } })
  await answerTo(0)
  hub.tick()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('keeps its clients when the machine has slept for a night; the next call wakes Serena', async () => {
  call(1)
  expect(await answerTo(1)).toBe(1)
  pass(NIGHT_MS)
  await vi.waitFor(() => expect(hub.serenas()[0]?.serena.life.state()).toBe('asleep'))
  expect(hub.sessions()).toEqual([session])
  expect(notes).toEqual([])
  call(2)
  expect(await answerTo(2)).toBe(2)
})

it('waits for a call that was running when the machine went to sleep', async () => {
  isHolding = true
  call(1)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  pass(NIGHT_MS)
  await Promise.resolve()
  for (let tick = 0; tick < 10; tick++) pass(500)
  answerHeld()
  expect(await answerTo(1)).toBe(1)
  expect(starts).toBe(1)
})

it('gives up a call that has no answer while the machine is running', async () => {
  isHolding = true
  call(1)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const isAnswered = (): boolean => received.some(({ id }) => id === 1)
  // Each ping is answered before the next tick.
  const passAwake = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 2) {
      pass(2_000)
      await new Promise(setImmediate)
    }
  }
  await passAwake(14 * 60)
  expect(isAnswered()).toBe(false)
  await passAwake(2 * 60)
  expect(await answerTo(1)).toBeUndefined()
  expect(starts).toBe(1)
})

it('reports the size of each message, whatever carries it', async () => {
  usedBytes = 0
  call(1)
  const asked = usedBytes
  expect(asked).toBeGreaterThan(60)
  await answerTo(1)
  expect(usedBytes).toBeGreaterThan(asked)
})
