// Locks of real processes: one holder, and none left behind by a killed one.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockSecret, takeKernelLock } from './kernel-lock.ts'

let folder = ''
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-lock-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(folder, { recursive: true })
})

/** Takes the lock in another process, which prints the result and holds the lock until it is ended. */
async function takeElsewhere(): Promise<{ child: ChildProcess; isHolder: boolean }> {
  const module = JSON.stringify(new URL('./kernel-lock.ts', import.meta.url).href)
  const script = `
    const { takeKernelLock } = await import(${module})
    console.log(await takeKernelLock(${JSON.stringify(folder)}, 'hub') === null ? 'held' : 'taken')
    setInterval(() => undefined, 60_000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, isHolder: output.toString() === 'taken\n' }
}

test('of several processes at once, one gets the lock', async () => {
  const started = await Promise.all([takeElsewhere(), takeElsewhere(), takeElsewhere(), takeElsewhere()])
  expect(started.filter(({ isHolder }) => isHolder)).toHaveLength(1)
  expect(await takeKernelLock(folder, 'hub')).toBeNull()
})

test('the lock disappears with a killed holder', async () => {
  const { child, isHolder } = await takeElsewhere()
  expect(isHolder).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await takeKernelLock(folder, 'hub')
  expect(lock).not.toBeNull()
  lock?.release()
})

test('a released lock can be taken again; another name or folder is another lock', async () => {
  const first = await takeKernelLock(folder, 'hub')
  expect(await takeKernelLock(folder, 'hub')).toBeNull()
  const other = await takeKernelLock(folder, 'start')
  const elsewhere = mkdtempSync(join(folder, 'other-'))
  const third = await takeKernelLock(elsewhere, 'hub')
  expect([first, other, third]).not.toContain(null)
  first?.release()
  const again = await takeKernelLock(folder, 'hub')
  expect(again).not.toBeNull()
  for (const lock of [other, third, again]) lock?.release()
})

test('the names contain a secret that only this user can read', () => {
  const secret = lockSecret(folder)
  expect(secret).toMatch(/^[0-9a-f]{32}$/)
  expect(lockSecret(folder)).toBe(secret)
  expect(readdirSync(folder)).toEqual(['lock-secret'])
  expect(statSync(join(folder, 'lock-secret')).mode & 0o777).toBe(0o600)
})

test('an invalid secret is neither used nor replaced', () => {
  const file = join(folder, 'lock-secret')
  writeFileSync(file, '')
  expect(() => lockSecret(folder)).toThrow('its content is invalid')
  expect(readFileSync(file, 'utf8')).toBe('')
  rmSync(file)
  symlinkSync('/dev/null', file)
  expect(() => lockSecret(folder)).toThrow('it is a symbolic link')
})
