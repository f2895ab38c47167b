// The hub over a real socket: its state now and after each change, its exit, and control actions.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '#contract/errors'
import { hubSerena } from '#contract/hub.fixture'
import { startObservedHub } from '../../../test/helpers/observed-hub.ts'
import { createScope, type Scope } from '../../../test/helpers/scope.ts'
import { controlHub, createHubObserver } from './hub-client.ts'

let scope: Scope
let socketPath: string
beforeEach(() => {
  scope = createScope()
  const folder = mkdtempSync(join(tmpdir(), 'deck-hub-'))
  socketPath = join(folder, 'hub', 'hub.sock')
  scope.add(() => rmSync(folder, { recursive: true }))
})
afterEach(() => scope.end())

const observe = (onChange: () => void = () => undefined) => {
  const observer = createHubObserver(() => socketPath, onChange)
  scope.add(observer.close)
  return observer
}

test('has no status and no problem without a hub', async () => {
  const observer = observe()
  await observer.renew()
  expect([observer.current(), observer.problem()]).toEqual([null, null])
})

test('reports a socket that cannot be used', async () => {
  const observer = createHubObserver(() => {
    throw new AppError('hub-unsafe', { path: '/tmp/x', issue: 'it is not a socket' })
  }, vi.fn())
  await observer.renew()
  expect(observer.problem()).toMatch(/^Cannot use the hub's socket \/tmp\/x: it is not a socket\./)
})

test('follows a hub that starts later, its changes and its exit', async () => {
  const onChange = vi.fn()
  const observer = observe(onChange)
  await observer.renew()
  const hub = await startObservedHub(scope, socketPath, { serenas: [hubSerena()] })
  await observer.renew()
  expect(observer.current()?.serenas.map(({ state }) => state)).toEqual(['asleep'])
  hub.change({ serenas: [hubSerena({ state: 'running', pid: 7 })] })
  await expect.poll(() => observer.current()?.serenas[0]?.pid).toBe(7)
  await hub.stop()
  await expect.poll(() => observer.current()).toBe(null)
  expect(onChange).toHaveBeenCalledTimes(3)
  const next = await startObservedHub(scope, socketPath, { pid: 5 })
  await observer.renew()
  expect(observer.current()?.pid).toBe(next.status.pid)
})

test('keeps what it knows when a status cannot be read, and says why', async () => {
  const hub = await startObservedHub(scope, socketPath)
  const observer = observe()
  await observer.renew()
  hub.change({ serenas: 'none' as never })
  await expect.poll(observer.problem).toMatch(/another version/)
  expect(observer.current()?.serenas).toEqual([])
})

test('says why a hub refuses it', async () => {
  await answerWith(['{"serenaDeck":"refused","protocol":2,"why":"It is older.","fix":"Update it."}'])
  const observer = observe()
  await observer.renew()
  expect(observer.problem()).toBe('The hub refuses this version: It is older. Update it.')
  await expect(controlHub(() => socketPath, { action: 'stop', target: null })).rejects.toMatchObject({
    code: 'hub-refused',
    message: 'It is older.',
    fix: 'Update it.',
  })
})

test('runs a control action and returns its count', async () => {
  const hub = await startObservedHub(scope, socketPath, {}, () => ({ done: true, count: 3 }))
  expect(await controlHub(() => socketPath, { action: 'restart', target: 's1' })).toBe(3)
  expect(hub.controls).toEqual([{ action: 'restart', target: 's1' }])
})

test.each([
  [{ done: false, why: 'There is no s9.' }, 'There is no s9.'],
  [{ nonsense: 1 }, 'The response of the hub cannot be read.'],
])('reports the answer %j', async (answer, message) => {
  await startObservedHub(scope, socketPath, {}, () => answer)
  await expect(controlHub(() => socketPath, { action: 'stop', target: 's9' })).rejects.toMatchObject({
    message,
  })
})

test('reports a hub that is not running, or exits before it answers', async () => {
  const stop = controlHub(() => socketPath, { action: 'stop', target: null })
  await expect(stop).rejects.toMatchObject({ code: 'hub-not-running' })
  await answerWith([])
  const again = controlHub(() => socketPath, { action: 'stop', target: null })
  await expect(again).rejects.toMatchObject({ code: 'hub-not-running' })
})

/** Listens in place of a hub: sends these lines to each connection, then closes it. */
async function answerWith(lines: readonly string[]): Promise<void> {
  mkdirSync(join(socketPath, '..'), { recursive: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume()
    socket.end(lines.map((line) => `${line}\n`).join(''))
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  scope.add(() => new Promise<void>((resolve) => server.close(() => resolve())))
}
