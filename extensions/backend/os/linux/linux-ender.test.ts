import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { checkSignalLog } from '../../../../test/helpers/signal-log.ts'
import { projectRoot } from '../../../../test/helpers/temp-home.ts'
import type { ProcessFact } from '../process-facts.ts'
import { loadKernel } from './kernel.ts'
import { createLinuxEnder } from './linux-ender.ts'
import { listDescriptors } from './read-proc.ts'

const startSleep = async (): Promise<{ pid: number; end: () => Promise<void> }> => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const gone = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    async end() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

describe.skipIf(process.platform !== 'linux')('signals on Linux', () => {
  const ender = createLinuxEnder()
  const factOf = async (pid: number): Promise<ProcessFact> => {
    const fact = (await ender.list()).byPid.get(pid)
    if (!fact) throw new Error(`no process ${pid}`)
    return fact
  }

  it('reports the state of the held process, and its exit', async () => {
    const { pid, end } = await startSleep()
    const held = ender.hold(await factOf(pid))
    expect(await held.signal('SIGSTOP')).toBe('sent')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await held.runState()).toBe('T')
    await end()
    expect([await held.runState(), await held.signal('SIGKILL')]).toEqual([null, 'gone'])
    held.release()
  })

  it('continues a stopped process when this process exits before killing it', async () => {
    const { pid, end } = await startSleep()
    const program = `
      import { createLinuxEnder } from './extensions/backend/os/linux/linux-ender.ts'
      const ender = createLinuxEnder()
      const { byPid } = await ender.list()
      process.exit((await ender.hold(byPid.get(${pid})).signal('SIGSTOP')) === 'sent' ? 0 : 1)`
    const words = ['--import', 'tsx', '--input-type=module', '-e', program]
    const child = spawn(process.execPath, words, { stdio: 'inherit' })
    await once(child, 'exit')
    expect([child.exitCode, await ender.hold(await factOf(pid)).runState()]).toEqual([0, 'S'])
    await end()
  })

  it('reports a process that exits during the check as gone, not as refused', async () => {
    // The shell reaps each at once; a child of this process would stay as a zombie until the loop is over.
    const shell = spawn('sh', ['-c', 'while :; do sleep 0.05; done'], { stdio: 'ignore' })
    await once(shell, 'spawn')
    const gone = once(shell, 'exit')
    const outcomes: string[] = []
    try {
      for (const end = performance.now() + 20_000; outcomes.length < 60 && performance.now() < end; ) {
        const fact = [...(await ender.list()).byPid.values()].find(({ ppid }) => ppid === shell.pid)
        if (!fact) continue
        const held = ender.hold(fact)
        let outcome: string
        do outcome = await held.signal('SIGCONT')
        while (outcome === 'sent')
        held.release()
        outcomes.push(outcome)
      }
    } finally {
      shell.kill('SIGKILL')
      await gone
    }
    expect([outcomes.length > 0, [...new Set(outcomes)]]).toEqual([true, ['gone']])
  })

  it('holds more processes than it may keep files open, each with the same certainty', async () => {
    const { pid, end } = await startSleep()
    const fact = await factOf(pid)
    const held = Array.from({ length: 500 }, () => ender.hold(fact))
    const open = (): number =>
      (listDescriptors(process.pid) ?? []).filter(({ target }) => target === `/proc/${pid}/stat`).length
    expect(open()).toBeLessThan(50)
    expect([await held[0]?.signal('SIGCONT'), await held.at(-1)?.signal('SIGCONT')]).toEqual(['sent', 'sent'])
    await end()
    expect([await held[0]?.runState(), await held.at(-1)?.runState()]).toEqual([null, null])
    for (const one of held) one.release()
    expect(open()).toBe(0)
  })

  it('signals no process of another start or another boot', async () => {
    const { pid, end } = await startSleep()
    const fact = await factOf(pid)
    for (const identity of [`${fact.identity}0`, fact.identity.replace(/^[^:]+/, 'another-boot')]) {
      const held = ender.hold({ ...fact, identity })
      expect([await held.runState(), await held.signal('SIGKILL')]).toEqual([null, 'gone'])
    }
    expect((await factOf(pid)).identity).toBe(fact.identity)
    await end()
  })

  /** Root could signal both. */
  it.skipIf(process.getuid?.() !== 0)(
    'refuses another user’s, and signals one in a sandbox of this user',
    async () => {
      const other = spawn('sleep', ['60'], { stdio: 'ignore', uid: 65_534, gid: 65_534 })
      await once(other, 'spawn')
      expect(await ender.hold(await factOf(other.pid ?? 0)).signal('SIGCONT')).toBe('refused')
      other.kill('SIGKILL')
      const unshare = spawn('unshare', ['--pid', '--fork', '--kill-child', 'sleep', '60.5'], {
        stdio: 'ignore',
      })
      const inside = async (): Promise<ProcessFact | undefined> =>
        [...(await ender.list()).byPid.values()].find(
          ({ ppid, name }) => ppid === unshare.pid && name === 'sleep',
        )
      try {
        let fact = await inside()
        for (let i = 0; !fact && unshare.exitCode === null && i < 100; i++) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          fact = await inside()
        }
        // Without namespaces from this kernel there is no process in one.
        if (fact) expect(await ender.hold(fact).signal('SIGCONT')).toBe('sent')
        else expect(unshare.exitCode).not.toBeNull()
      } finally {
        unshare.kill('SIGKILL')
      }
    },
  )

  it.skipIf(loadKernel().kernel === null)(
    'signals through a handle that it opened before its last check',
    async () => {
      const calls: string[] = []
      const { kernel } = loadKernel()
      if (!kernel) throw new Error('no kernel calls')
      const noting = createLinuxEnder({
        kernel: () => ({
          ...kernel,
          openProcess(pid) {
            calls.push(`open ${pid}`)
            return kernel.openProcess(pid)
          },
          signalProcess(pidfd, signal) {
            calls.push(signal)
            return kernel.signalProcess(pidfd, signal)
          },
        }),
      })
      const handles = (): number =>
        (listDescriptors(process.pid) ?? []).filter(({ target }) => target.includes('pidfd')).length
      const before = handles()
      const { pid, end } = await startSleep()
      const held = noting.hold(await factOf(pid))
      expect(await held.signal('SIGSTOP')).toBe('sent')
      await expect.poll(() => held.runState()).toBe('T')
      expect(calls).toEqual([`open ${pid}`, 'SIGSTOP'])
      expect(await noting.hold({ ...(await factOf(pid)), identity: 'boot:1:1' }).signal('SIGKILL')).toBe(
        'gone',
      )
      expect(calls).toEqual([`open ${pid}`, 'SIGSTOP', `open ${pid}`])
      await end()
      expect(await held.signal('SIGKILL')).toBe('gone')
      held.release()
      expect(handles()).toBe(before)
    },
  )

  it('treats a process whose first thread has exited as running', async () => {
    const program =
      'import ctypes, threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()\nctypes.CDLL(None).syscall(60, 0)'
    const python = join(projectRoot, '.cache/serena/2.1.0/bin/python')
    const child = spawn(existsSync(python) ? python : 'python3', ['-c', program], { stdio: 'ignore' })
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    const gone = once(child, 'exit')
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toMatch(/\) Z /)
    const held = ender.hold(await factOf(pid))
    expect(await held.runState()).toBe('S')
    expect(await held.signal('SIGSTOP')).toBe('sent')
    await expect.poll(() => held.runState()).toBe('T')
    expect(await held.signal('SIGKILL')).toBe('sent')
    await gone
    expect(await held.runState()).toBeNull()
    held.release()
  })

  it('logs each signal with its reason', async () => {
    const { pid, end } = await startSleep()
    const folder = mkdtempSync(join(tmpdir(), 'serena-deck-signals-'))
    const fact = await factOf(pid)
    vi.stubEnv('SERENA_DECK_SIGNAL_LOG', join(folder, 'log'))
    try {
      await ender.hold(fact, 'plan x').signal('SIGCONT')
      await ender.hold(fact).signal('SIGCONT')
      const { entries, faults } = checkSignalLog(join(folder, 'log'))
      expect(entries).toMatchObject([
        { pid, identity: fact.identity, signal: 'SIGCONT', reason: 'plan x', outcome: 'sent' },
        { pid, reason: null },
      ])
      expect(faults).toHaveLength(1)
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
      await end()
    }
  })

  it('refuses init, this process and its ancestors', async () => {
    const { byPid } = await ender.list()
    for (let at = byPid.get(process.pid); at; at = byPid.get(at.ppid))
      expect([at.pid, await ender.hold(at).signal('SIGCONT')]).toEqual([at.pid, 'refused'])
  })
})
