// The calls that every Unix has, made here; the others on a library that writes down what it is given. The calls of a Mac themselves run only on
// a Mac: the last test.
import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { loadKoffi } from '../native/load-koffi.ts'
import { loadCheckedCalls } from './checked-calls.ts'
import { bindCalls, loadMacosCalls, PROTOTYPES } from './native-calls.ts'

const { koffi } = loadKoffi()
const EBADF = 9
const ESRCH = 3

it.skipIf(koffi === null)('has prototypes that koffi understands', () => {
  for (const [name, prototype] of Object.entries(PROTOTYPES))
    expect(koffi?.proto(prototype.replace(`${name}(`, `${name}_of_macos(`))).toBeDefined()
  expect(() => koffi?.proto('int broken(_Out_ nonsense *bytes)')).toThrow('nonsense')
})

// Windows has neither pipe(2) nor socketpair(2).
describe.skipIf(koffi === null || process.platform === 'win32')('the calls that every Unix has', () => {
  const calls = koffi && bindCalls(koffi, koffi.load(null), ['pipe', 'socketpair', 'close'])

  it('makes pipes and sockets, and closes them', () => {
    const [pipe, sockets] = [new Int32Array(2), new Int32Array(2)]
    expect(calls?.pipe(pipe)).toBe(0)
    expect(calls?.socketpair(1, 1, 0, sockets)).toBe(0)
    for (const fd of pipe) expect(fstatSync(fd).isFIFO()).toBe(true)
    for (const fd of sockets) expect(fstatSync(fd).isSocket()).toBe(true)
    expect(calls?.close(pipe[0] ?? -1)).toBe(0)
    expect(() => fstatSync(pipe[0] ?? -1)).toThrow('EBADF')
    for (const fd of [pipe[1], ...sockets]) closeSync(fd ?? -1)
  })

  it('reports the error of the last call, and forgets it', () => {
    calls?.errno(0)
    expect(calls?.close(-1)).toBe(-1)
    expect(calls?.errno()).toBe(EBADF)
    calls?.errno(0)
    expect(calls?.errno()).toBe(0)
  })
})

/** Null: there is no C compiler. */
function compileStub(): string | null {
  const source = new URL('../../../../test/fixtures/platforms/macos/system-stub.c', import.meta.url)
  const library = join(mkdtempSync(join(tmpdir(), 'deck-stub-')), 'stub.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, fileURLToPath(source)], { stdio: 'ignore' })
    return library
  } catch {
    return null
  }
}

// Skipped without koffi or a C compiler.
const stub = koffi === null || process.platform === 'win32' ? null : compileStub()

describe.skipIf(stub === null)('the calls of a Mac, by their prototypes', () => {
  const names = [
    'proc_listallpids',
    'proc_pidinfo',
    'proc_pidfdinfo',
    'proc_pidpath',
    'sysctl',
    'mach_timebase_info',
  ] as const
  const calls = koffi && stub !== null ? bindCalls(koffi, koffi.load(stub), names) : null
  const bytes = Buffer.alloc(64)
  const given = (): number[] => [0, 4, 8, 12].map((at) => bytes.readInt32LE(at))
  afterAll(() => stub !== null && rmSync(dirname(stub), { recursive: true }))

  it('pass each argument, and write into the buffer that they are given', () => {
    expect(calls?.proc_listallpids(bytes, 64)).toBe(4)
    expect(given()).toEqual([1, 2, 3, 64])
    expect(calls?.proc_pidinfo(4711, 3, 1, bytes, 60)).toBe(16)
    expect(given()).toEqual([4711, 3, 1, 60])
    expect(calls?.proc_pidfdinfo(4711, 12, 6, bytes, 32)).toBe(16)
    expect(given()).toEqual([4711, 12, 6, 32])
    expect(calls?.proc_pidpath(7, bytes, 64)).toBe(10)
    expect(bytes.toString('utf8', 0, 10)).toBe('/bin/seven')
    expect(calls?.mach_timebase_info(bytes)).toBe(0)
    expect(given().slice(0, 2)).toEqual([125, 3])
  })

  it('report the size and the error', () => {
    const size: [number] = [64]
    expect(calls?.sysctl(Int32Array.of(1, 14, 1, 4711), 4, bytes, size, null, 0)).toBe(0)
    expect([given(), size]).toEqual([[1, 14, 1, 4711], [16]])
    expect(calls?.sysctl(Int32Array.of(1, 14, 1, 4711), 4, bytes, [4], null, 0)).toBe(-1)
    calls?.errno(0)
    expect(calls?.proc_pidinfo(-1, 3, 1, bytes, 64)).toBe(0)
    expect(calls?.errno()).toBe(ESRCH)
  })
})

it.skipIf(process.platform === 'darwin')('is not available elsewhere', () => {
  expect(loadMacosCalls()).toEqual({ calls: null, problem: 'this is not macOS' })
  expect(loadCheckedCalls().problem).toBe('this is not macOS')
})

it.runIf(process.platform === 'darwin' && koffi !== null)('agrees with what Node knows, on a Mac', () => {
  expect(loadCheckedCalls().problem).toBeNull()
})
