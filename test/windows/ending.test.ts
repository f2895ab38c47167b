// Ending on Windows: by handles that name one process and no other, with children that are started while it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endOwnProcess } from '../../extensions/backend/os/end-own-process.ts'
import type { HeldProcess } from '../../extensions/backend/os/held-process.ts'
import { createProcessEnder } from '../../extensions/backend/os/process-ender.ts'
import { startBackend } from '../helpers/backend.ts'
import { isAlive, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { isWine, makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { startWrappedClient } from './wrapped-client.ts'

const scope = scopePerTest()
const programs = join(projectRoot, 'test', 'fixtures', 'programs')

async function startTicking(): Promise<{ held: HeldProcess; ticks: () => number; exited: Promise<unknown> }> {
  const script = 'setInterval(() => process.stdout.write("."), 20)'
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  scope.add(() => void child.kill())
  let ticks = 0
  child.stdout.on('data', (bytes: Buffer) => {
    ticks += bytes.length
  })
  await once(child.stdout, 'data')
  const ender = createProcessEnder()
  const fact = (await ender.list()).byPid.get(child.pid ?? 0)
  if (!fact) throw new Error('not listed')
  const held = ender.hold(fact)
  scope.add(held.release)
  return { held, ticks: () => ticks, exited: once(child, 'exit') }
}

describe('a held process', () => {
  test('is suspended, resumed and terminated, and is gone afterwards', async () => {
    const { held, ticks, exited } = await startTicking()
    expect(await held.runState()).toBe('?')
    expect(await held.signal('SIGSTOP')).toBe('sent')
    // What it wrote before is read.
    await new Promise((resolve) => setTimeout(resolve, 200))
    const before = ticks()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(ticks()).toBe(before)
    expect(await held.signal('SIGCONT')).toBe('sent')
    await waitUntil('it to continue', () => ticks() > before)
    expect(await held.signal('SIGKILL')).toBe('sent')
    await exited
    expect(await held.runState()).toBeNull()
    expect(await held.signal('SIGKILL')).toBe('gone')
  })

  test('is not another process with its pid: one that started at another time is left alone', async () => {
    const { held, ticks } = await startTicking()
    const { fact } = held
    const other = createProcessEnder().hold({ ...fact, identity: `${fact.pid}:116444736000000001` })
    scope.add(other.release)
    expect(await other.signal('SIGKILL')).toBe('gone')
    const before = ticks()
    await waitUntil('it to continue', () => ticks() > before)
  })

  test('is never this one, nor one above it', async () => {
    const ender = createProcessEnder()
    const { byPid } = await ender.list()
    for (const pid of [process.pid, process.ppid]) {
      const fact = byPid.get(pid)
      if (!fact) continue
      const held = ender.hold(fact)
      scope.add(held.release)
      expect(await held.signal('SIGSTOP')).toBe('refused')
    }
  })
})

test('a Serena that starts language servers all the time leaves none when its client is killed', async () => {
  const options = `${process.env['NODE_OPTIONS'] ?? ''} --require ${JSON.stringify(join(programs, 'respawning.cjs'))}`
  const { client, tree } = await startWrappedClient(scope, {
    script: { isStubborn: true },
    env: { NODE_OPTIONS: options },
  })
  const all = new Map<number, ProcessMark>()
  const look = (): number => {
    for (const mark of tree()) all.set(mark.pid, mark)
    return all.size
  }
  await waitUntil('three language servers', () => look() >= 5)
  signalProcess(client.mark, 'SIGKILL')
  await waitUntil('all to exit', () => {
    for (const mark of tree()) all.set(mark.pid, mark)
    return ![...all.values()].some(isAlive)
  })
})

test('a backend of ours is ended by another process of ours', async () => {
  const { program, pid } = await startBackend(scope)
  await endOwnProcess(pid, process.platform)
  expect(isAlive(program.mark)).toBe(false)
})

describe('an instance', () => {
  test('whose sockets have no known owner is listed, and not ended', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances).toMatchObject([{ pid: standIn.pid }])
    const ids = instances.map(({ id }) => id)
    const ending = backend.call('end', { body: { ids, scope: 'named' } })
    if (isWine) await expect(ending).rejects.toThrow(/not-to-be-ended/)
    else expect(await ending).toMatchObject({ ended: [{ how: 'shutdown' }], survivors: [] })
  })
})
