import { describe, expect, it } from 'vitest'
import { systemProcessesAt } from './native-process-info.fixture.ts'
import { parseSystemProcesses } from './native-process-info.ts'

const BASE = 0x7ff0_0000_1000n

describe('parseSystemProcesses', () => {
  it('reads times, memory, names and parents of all processes', () => {
    const bytes = systemProcessesAt(
      BASE,
      { pid: 0 },
      {
        pid: 88,
        parentPid: 4,
        created: 134_404_847_978_672_260n,
        name: 'pythön.exe',
        user: 15n,
        kernel: 27n,
        privateBytes: 4096n,
        workingSet: 8192n,
        threads: [[5, 6]],
      },
    )
    expect(parseSystemProcesses(bytes, BASE)).toEqual([
      {
        pid: 0,
        parentPid: 0,
        created: 0n,
        name: '',
        cpuTime: 0n,
        privateBytes: 0,
        workingSetBytes: 0,
        runState: null,
      },
      {
        pid: 88,
        parentPid: 4,
        created: 134_404_847_978_672_260n,
        name: 'pythön.exe',
        cpuTime: 42n,
        privateBytes: 4096,
        workingSetBytes: 8192,
        runState: 'S',
      },
    ])
  })

  it.each([
    [
      'T',
      'all threads are suspended',
      [
        [5, 5],
        [5, 5],
      ],
    ],
    [
      'S',
      'one thread is suspended and one waits',
      [
        [5, 5],
        [5, 6],
      ],
    ],
    [
      'R',
      'one thread runs',
      [
        [5, 6],
        [2, 0],
      ],
    ],
    [
      null,
      'the system reports no states',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [null, 'there are no threads', []],
  ] as const)('returns the state %s when %s', (runState, _, threads) => {
    const bytes = systemProcessesAt(BASE, { pid: 88, threads })
    expect(parseSystemProcesses(bytes, BASE)?.[0]?.runState).toBe(runState)
  })

  it('rejects an answer that is cut off or leads back', () => {
    const bytes = systemProcessesAt(BASE, { pid: 88, threads: [[5, 6]] }, { pid: 89 })
    for (const length of [0, 0xff, 0x14f, bytes.length - 0x20])
      expect(parseSystemProcesses(bytes.subarray(0, length), BASE)).toBeNull()
    bytes.writeUInt32LE(8, 0)
    expect(parseSystemProcesses(bytes, BASE)).toBeNull()
  })

  it('gives no name that is outside of the answer', () => {
    const bytes = systemProcessesAt(BASE, { pid: 88, name: 'a.exe' })
    expect(parseSystemProcesses(bytes, BASE + 4096n)?.[0]?.name).toBe('')
    expect(parseSystemProcesses(bytes, BASE - 4096n)?.[0]?.name).toBe('')
  })
})
