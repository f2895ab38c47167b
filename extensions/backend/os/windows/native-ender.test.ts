import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../process-fact.fixture.ts'
import type { ProcessFact } from '../process-facts.ts'
import { createNativeEnder } from './native-ender.ts'

const OWN = 40
const fact = (pid: number, changes: Partial<ProcessFact> = {}): ProcessFact =>
  processFact({ identity: `${pid}:1000`, pid, ppid: 4, uid: 1000, ...changes })

/** Processes by pid, with what was done to them. A handle is the pid plus 1000. */
function machine(...facts: ProcessFact[]) {
  const starts = new Map(facts.map(({ pid }) => [pid, 1000n]))
  const ended = new Set<number>()
  const denied = new Set<number>()
  const acts: string[] = []
  const open: number[] = []
  const pidOf = (handle: number | bigint): number => Number(handle) - 1000
  const act = (name: string) => (handle: number | bigint) => {
    acts.push(`${name} ${pidOf(handle)}`)
    return 0
  }
  const ender = createNativeEnder({
    ownPid: OWN,
    source: {
      ownUid: 1000,
      list: () => Promise.resolve(processTable(...facts)),
      quickScan: () =>
        Promise.resolve({
          pids: null,
          watched: new Map(facts.map((one) => [one.pid, one])),
          young: [],
        }),
    },
    calls: {
      OpenProcess(access, _, pid) {
        const isActing = (access & 0x801) !== 0
        if (!starts.has(pid) || (isActing && denied.has(pid))) return 0
        open.push(pid)
        return pid + 1000
      },
      GetProcessTimes(handle, created) {
        created.writeBigUInt64LE(starts.get(pidOf(handle)) ?? 0n)
        return 1
      },
      CloseHandle(handle) {
        open.splice(open.indexOf(pidOf(handle)), 1)
        return 1
      },
      WaitForSingleObject: (handle) => (ended.has(pidOf(handle)) ? 0 : 258),
      TerminateProcess(handle) {
        acts.push(`terminate ${pidOf(handle)}`)
        ended.add(pidOf(handle))
        return 1
      },
      NtSuspendProcess: act('suspend'),
      NtResumeProcess: act('resume'),
    },
  })
  return { ender, starts, ended, denied, acts, open }
}

describe('createNativeEnder', () => {
  it('suspends once, resumes once, terminates, and closes its handles', async () => {
    const { ender, acts, open } = machine(fact(OWN), fact(88))
    const held = ender.hold(fact(88))
    expect(await held.signal('SIGTERM')).toBe('sent')
    for (const signal of ['SIGSTOP', 'SIGSTOP', 'SIGCONT', 'SIGCONT', 'SIGKILL'] as const)
      expect(await held.signal(signal)).toBe('sent')
    expect(acts).toEqual(['suspend 88', 'resume 88', 'terminate 88'])
    expect([await held.runState(), await held.signal('SIGKILL')]).toEqual([null, 'gone'])
    expect(open).toEqual([88])
    held.release()
    expect(open).toEqual([])
  })

  it('resumes what an earlier copy of Serena Deck left suspended', async () => {
    const { ender, acts } = machine(fact(OWN), fact(88))
    expect(await ender.hold(fact(88)).signal('SIGCONT')).toBe('sent')
    expect(acts).toEqual(['resume 88'])
  })

  it('never acts on another process with the same pid', async () => {
    const { ender, acts, open } = machine(fact(OWN), fact(88, { identity: '88:2000' }))
    const held = ender.hold(fact(88, { identity: '88:999' }))
    expect([await held.runState(), await held.signal('SIGKILL')]).toEqual([null, 'gone'])
    expect([acts, open]).toEqual([[], []])
  })

  it('does not resume what it could not suspend', async () => {
    const { ender, acts, denied } = machine(fact(OWN), fact(88))
    denied.add(88)
    const held = ender.hold(fact(88))
    expect(await held.signal('SIGSTOP')).toBe('refused')
    denied.clear()
    expect(await held.signal('SIGCONT')).toBe('sent')
    expect(acts).toEqual([])
  })

  it('reports a process that may not be opened as running, and refuses to signal it', async () => {
    const { ender, starts, acts } = machine(fact(OWN), fact(88))
    starts.delete(88)
    const held = ender.hold(fact(88))
    expect([await held.runState(), await held.signal('SIGKILL')]).toEqual(['?', 'refused'])
    expect(acts).toEqual([])
  })

  it('refuses the system, this process, those above it, and other users', async () => {
    const above = [fact(30, { ppid: 20 }), fact(20)]
    const self = fact(OWN, { ppid: 30 })
    const other = fact(88, { uid: 18 })
    const hidden = fact(89, { uid: null })
    const { ender, acts } = machine(self, ...above, other, hidden, fact(4))
    for (const one of [self, ...above, other, hidden, fact(4)])
      expect(await ender.hold(one).signal('SIGKILL')).toBe('refused')
    expect(acts).toEqual([])
  })
})
