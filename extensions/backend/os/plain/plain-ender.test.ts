import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createProcessSource } from '../platform-source.ts'
import type { ProcessFact } from '../process-facts.ts'
import { createPlainEnder } from './plain-ender.ts'

// The code is macOS's; the facts are this machine's own.
const ender = createPlainEnder('darwin', createProcessSource())

async function startSleep(): Promise<{ fact: ProcessFact; end: () => Promise<void> }> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const gone = once(child, 'exit')
  const fact = (await ender.list()).byPid.get(child.pid ?? 0)
  if (!fact) throw new Error('no process')
  const end = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  return { fact, end }
}

describe.skipIf(process.platform === 'win32')('an ender without handles', () => {
  it('signals the intended process, and detects its exit', async () => {
    const { fact, end } = await startSleep()
    const held = ender.hold(fact)
    expect(await held.runState()).not.toBeNull()
    expect(await held.signal('SIGKILL')).toBe('sent')
    await end()
    expect([await held.runState(), await held.signal('SIGKILL')]).toEqual([null, 'gone'])
  })

  it('signals no process with another start', async () => {
    const { fact, end } = await startSleep()
    const stranger = ender.hold({ ...fact, identity: `${fact.identity}0` })
    expect([await stranger.runState(), await stranger.signal('SIGKILL')]).toEqual([null, 'gone'])
    expect(await ender.hold(fact).runState()).not.toBeNull()
    await end()
  })

  it('neither signals a process that cannot be read nor reports that it has exited', async () => {
    const source = createProcessSource()
    const { fact, end } = await startSleep()
    for (const pids of [null, new Set([fact.pid])]) {
      const quickScan = () => Promise.resolve({ pids, watched: new Map(), young: [] })
      const held = createPlainEnder('darwin', { ...source, quickScan }).hold(fact)
      expect([await held.runState(), await held.signal('SIGKILL')]).toEqual(['?', 'refused'])
    }
    expect(await ender.hold(fact).runState()).not.toBeNull()
    await end()
  })

  it('refuses ourselves, our parent, init and another user', async () => {
    const { byPid } = await ender.list()
    const { fact, end } = await startSleep()
    for (const pid of [process.pid, process.ppid, 1]) {
      const one = byPid.get(pid)
      if (one) expect(await ender.hold(one).signal('SIGCONT')).toBe('refused')
    }
    expect(await ender.hold({ ...fact, uid: 12_345 }).signal('SIGCONT')).toBe('refused')
    await end()
  })
})
