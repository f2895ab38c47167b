import { describe, expect, it } from 'vitest'
import { systemProcessesAt } from './native-process-info.fixture.ts'
import type { NativeProcess } from './native-process-info.ts'
import { createProcessListOf, type NativeListDeps } from './native-process-list.ts'
import type { FixedFacts } from './native-process-reader.ts'
import { createSystemReader } from './system-reader.ts'

const OWN = 40
const NOW_MS = 1_796_000_000_000
const filetime = (ms: number): bigint => BigInt(ms) * 10_000n + 116_444_736_000_000_000n
const MINE = { sid: 'S-1-5-21-1-2-3-1001', integrity: 0x2000 }

const native = (pid: number, changes: Partial<NativeProcess> = {}): NativeProcess => ({
  pid,
  parentPid: 4,
  created: filetime(NOW_MS - 60_000),
  name: 'a.exe',
  cpuTime: 15_000_000n,
  privateBytes: 1000,
  workingSetBytes: 5000,
  runState: 'S',
  ...changes,
})

function listOf(
  processes: readonly NativeProcess[] | null,
  readFixed: NativeListDeps['readFixed'] = ({ pid }) => ({ commandLine: `a.exe ${pid}`, token: MINE }),
) {
  const state = { processes, nowMs: NOW_MS, reads: 0 }
  const list = createProcessListOf({
    readSystem: () => state.processes,
    readFixed(process) {
      state.reads++
      return readFixed(process)
    },
    own: { pid: OWN, token: MINE },
    now: () => state.nowMs,
  })
  return { ...list, state }
}

describe('createProcessListOf', () => {
  it('lists command lines, users, memory and states', async () => {
    const { list, rssBytes, ownUser } = listOf([native(OWN), native(88, { runState: 'T' })])
    const { isComplete, byPid } = await list()
    const fact = byPid.get(88)
    expect(isComplete).toBe(true)
    expect(fact).toEqual({
      identity: `88:${filetime(NOW_MS - 60_000)}`,
      pid: 88,
      ppid: 4,
      pgid: null,
      sid: null,
      uid: ownUser,
      startedAtMs: NOW_MS - 60_000,
      name: 'a.exe',
      argv: ['a.exe', '88'],
      runState: 'T',
      rssBytes: 1000,
      cpuMs: 1500,
    })
    if (fact) expect(rssBytes(fact)).toBe(1000)
  })

  it('proves nothing when the system does not answer or this process is missing', async () => {
    expect(await listOf(null).list()).toEqual({ isComplete: false, byPid: new Map() })
    expect((await listOf([native(88)]).list()).isComplete).toBe(false)
    expect(await listOf(null).quickScan(new Set([88]))).toEqual({ pids: null, watched: new Map(), young: [] })
    expect((await listOf([native(88)]).quickScan(new Set())).pids).toBeNull()
  })

  it('gives a process without a start no identity that matches another', async () => {
    const { byPid } = await listOf([native(OWN), native(0, { created: 0n })]).list()
    expect(byPid.get(0)).toMatchObject({ identity: '0:unknown', argv: null, startedAtMs: 0 })
  })

  it('reads what does not change once, and what could not be read while it is young', async () => {
    let fixed: FixedFacts | null = null
    const young = native(88, { created: filetime(NOW_MS) })
    const { list, state } = listOf([native(OWN), young], (process) =>
      process.pid === OWN ? { commandLine: 'node', token: MINE } : fixed,
    )
    expect((await list()).byPid.get(88)?.argv).toBeNull()
    fixed = { commandLine: 'a.exe b', token: MINE }
    expect((await list()).byPid.get(88)?.argv).toEqual(['a.exe', 'b'])
    expect(state.reads).toBe(3)
    await list()
    expect(state.reads).toBe(3)
    state.processes = [native(OWN), native(88)]
    await list()
    expect(state.reads).toBe(4)
  })

  it('says why a process may not be read', async () => {
    const tokens: Record<number, FixedFacts> = {
      50: { commandLine: null, token: null },
      51: { commandLine: 'a', token: { ...MINE, integrity: 0x3000 } },
      52: { commandLine: 'a', token: { sid: 'S-1-5-18', integrity: 0x2000 } },
    }
    const { list, refusal, ownUser } = listOf(
      [native(OWN), native(50), native(51), native(52)],
      ({ pid }) => tokens[pid] ?? { commandLine: 'a', token: MINE },
    )
    const { byPid } = await list()
    const refusals = [...byPid.values()].map((fact) => refusal(fact))
    expect(refusals).toEqual([
      null,
      'Windows does not allow reading process 50: it belongs to another user or runs with higher privileges.',
      'Process 51 runs with higher privileges than Serena Deck (as administrator).',
      null,
    ])
    expect([50, 51, 52].map((pid) => byPid.get(pid)?.uid)).toEqual([null, ownUser, 18])
  })

  it('reports new processes in every scan for ten seconds', async () => {
    const young = native(88, { created: filetime(NOW_MS) })
    const { quickScan, state } = listOf([native(OWN), young])
    expect((await quickScan(new Set([OWN]))).young.map(({ pid }) => pid)).toEqual([88])
    state.nowMs += 10_001
    const scan = await quickScan(new Set([OWN]))
    expect(scan.young).toEqual([])
    expect([...scan.watched.keys()]).toEqual([OWN])
    expect(scan.pids).toEqual(new Set([OWN, 88]))
  })

  it('treats a parent that started after its child as another process', async () => {
    const child = native(88, { parentPid: 50 })
    const { list, whyParentless } = listOf([native(OWN), child, native(50, { created: filetime(NOW_MS) })])
    const { byPid } = await list()
    const fact = byPid.get(88)
    expect(fact?.ppid).toBe(0)
    expect(fact && whyParentless(fact)).toBe(
      'Process 50, which started it, has exited; another process has that pid now.',
    )
  })
})

describe('createSystemReader', () => {
  const base = 0x1000n
  const answer = systemProcessesAt(base, { pid: 88, name: 'a.exe' })

  it('grows its buffer until the answer fits', () => {
    const sizes: number[] = []
    const read = createSystemReader({
      addressOf: () => base,
      NtQuerySystemInformation(_, bytes, size, needed) {
        sizes.push(size)
        needed[0] = 900_000
        if (size < 900_000) return 0xc000_0004 | 0
        answer.copy(bytes)
        return 0
      },
    })
    expect(read()?.map(({ name }) => name)).toEqual(['a.exe'])
    expect(read()).toHaveLength(1)
    expect(sizes).toHaveLength(3)
    expect(sizes[1]).toBe(sizes[2])
  })

  it('returns null when the system refuses', () => {
    const refuse = { addressOf: () => base, NtQuerySystemInformation: () => 0xc000_0022 | 0 }
    expect(createSystemReader(refuse)()).toBeNull()
  })
})
