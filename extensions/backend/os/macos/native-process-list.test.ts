import { describe, expect, it } from 'vitest'
import { createMachine, OWN, STARTED_AT_US } from './native-machine.fixture.ts'
import { createNativeMacosList, type NativeListDeps } from './native-process-list.ts'
import { createNativeReader, type NativeReader } from './native-reader.ts'

const NOW_MS = STARTED_AT_US / 1000 + 60_000
const youngUs = (NOW_MS - 1_000) * 1000

function machine(
  change: Partial<NativeReader> = {},
  readForeign: NativeListDeps['readForeign'] = () => Promise.resolve(new Map()),
) {
  const mac = createMachine()
  const clock = { nowMs: NOW_MS, argumentReads: 0 }
  const reader = { ...createNativeReader(mac.calls), ...change }
  const list = createNativeMacosList({
    reader: {
      ...reader,
      arguments(pid) {
        clock.argumentReads++
        return reader.arguments(pid)
      },
    },
    readForeign,
    ownPid: OWN.pid,
    now: () => clock.nowMs,
  })
  return { ...mac, ...list, clock }
}

describe('list', () => {
  it('has every fact of this user’s processes, and what is public of others', async () => {
    const { list, start } = machine()
    start({ pid: 60, ppid: OWN.pid, status: 4, name: 'Python', argv: ['python3', 'a b'] })
    start({ pid: 61, status: 5, name: 'sh' })
    const { isComplete, byPid } = await list()
    expect(isComplete).toBe(true)
    expect(byPid.get(60)).toEqual({
      identity: `60:${STARTED_AT_US}`,
      pid: 60,
      ppid: OWN.pid,
      pgid: 4700,
      sid: null,
      uid: 501,
      startedAtMs: 1_796_000_000_123,
      name: 'Python',
      argv: ['python3', 'a b'],
      runState: 'T',
      rssBytes: 52_428_800,
      cpuMs: 1500,
    })
    expect(byPid.get(61)).toMatchObject({ runState: 'Z', argv: [], rssBytes: null })
    expect(byPid.get(1)).toMatchObject({ uid: 0, name: 'launchd', argv: null, cpuMs: null })
  })

  it('is not complete while one process cannot be read, and says which', async () => {
    const mac = createMachine()
    const whole = createNativeReader(mac.calls)
    const { list, start } = machine({ process: (pid) => (pid === 60 ? 'unread' : whole.process(pid)) })
    start({ pid: 60 })
    const { isComplete, byPid, unread } = await list()
    expect(isComplete).toBe(false)
    expect([...(unread ?? [])]).toEqual([60])
    expect([...byPid.keys()]).toEqual([1, OWN.pid])
  })

  it('proves nothing without the list of pids', async () => {
    const { list, quickScan } = machine({ pids: () => null })
    expect(await list()).toEqual({ isComplete: false, byPid: new Map() })
    expect(await quickScan(new Set([1]))).toEqual({ pids: null, watched: new Map(), young: [] })
  })

  it('reads arguments once, and again while an exec may change them', async () => {
    const { list, start, clock } = machine()
    start({ pid: 60, name: 'sh', argv: ['sh'], startedAtUs: youngUs })
    expect((await list()).byPid.get(60)?.argv).toEqual(['sh'])
    start({ pid: 60, name: 'sh', argv: ['sh', '-c'], startedAtUs: youngUs })
    expect((await list()).byPid.get(60)?.argv).toEqual(['sh', '-c'])
    clock.nowMs += 20_000
    await list()
    const before = clock.argumentReads
    start({ pid: 60, name: 'sh', argv: ['other'], startedAtUs: youngUs })
    expect((await list()).byPid.get(60)?.argv).toEqual(['sh', '-c'])
    expect(clock.argumentReads).toBe(before)
    start({ pid: 60, name: 'sleep', argv: ['sleep', '9'], startedAtUs: youngUs })
    expect((await list()).byPid.get(60)).toMatchObject({ identity: `60:${youngUs}`, argv: ['sleep', '9'] })
  })

  it('keeps the arguments of a process that is exiting', async () => {
    let isExiting = false
    const mac = machine({ arguments: (pid) => (isExiting ? null : whole.arguments(pid)) })
    const whole = createNativeReader(mac.calls)
    const { list, start } = mac
    start({ pid: 60, name: 'sh', argv: ['sh', 'x'], startedAtUs: youngUs })
    await list()
    isExiting = true
    expect((await list()).byPid.get(60)?.argv).toEqual(['sh', 'x'])
    start({ pid: 60, name: 'sleep', startedAtUs: youngUs })
    expect((await list()).byPid.get(60)?.argv).toBeNull()
  })

  it('reads another user’s arguments by ps once, only of programs that may be a Serena', async () => {
    const asked: (readonly number[])[] = []
    const { list, start } = machine({}, (pids) => {
      asked.push(pids)
      return Promise.resolve(new Map([[60, ['python3', 'serena']]]))
    })
    start({ pid: 60, uid: 502, name: 'Python' })
    start({ pid: 61, uid: 502, name: 'uvx' })
    start({ pid: 62, uid: 502, name: 'mds' })
    for (const _ of [1, 2]) {
      const { byPid } = await list()
      expect([60, 61, 62].map((pid) => byPid.get(pid)?.argv)).toEqual([['python3', 'serena'], null, null])
    }
    expect(asked).toEqual([[60, 61]])
  })
})

describe('quickScan', () => {
  it('has all pids, the watched states, and new processes until they are ten seconds old', async () => {
    const { list, quickScan, start, end, clock, identityOf } = machine()
    start({ pid: 60 })
    await list()
    start({ pid: 61, startedAtUs: youngUs })
    const scan = await quickScan(new Set([60, 99]))
    expect(scan.pids).toEqual(new Set([1, OWN.pid, 60, 61]))
    expect([...scan.watched]).toEqual([[60, { identity: identityOf(60), runState: 'R', cpuMs: 1500 }]])
    expect(scan.young.map(({ pid }) => pid)).toEqual([61])
    expect((await quickScan(new Set())).young).toHaveLength(1)
    clock.nowMs += 20_000
    await quickScan(new Set())
    expect((await quickScan(new Set())).young).toEqual([])
    end(60)
    expect((await quickScan(new Set([60]))).watched.size).toBe(0)
    expect(identityOf(60)).toBeNull()
  })

  it('sees another process with a known pid', async () => {
    const { list, quickScan, start } = machine()
    start({ pid: 60 })
    await list()
    start({ pid: 60, startedAtUs: STARTED_AT_US + 1 })
    expect((await quickScan(new Set([60]))).watched.get(60)?.identity).toBe(`60:${STARTED_AT_US + 1}`)
  })
})
