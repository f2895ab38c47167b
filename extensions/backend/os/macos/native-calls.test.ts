// The calls that every Unix has, made here; of the others, that koffi understands their prototypes. The calls of a Mac themselves run only on a
// Mac: the last test.
import { closeSync, fstatSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadKoffi } from '../native/load-koffi.ts'
import { loadCheckedCalls } from './checked-calls.ts'
import { bindCalls, loadMacosCalls, PROTOTYPES } from './native-calls.ts'

const { koffi } = loadKoffi()
const EBADF = 9

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

it.skipIf(process.platform === 'darwin')('is not available elsewhere', () => {
  expect(loadMacosCalls()).toEqual({ calls: null, problem: 'this is not macOS' })
  expect(loadCheckedCalls().problem).toBe('this is not macOS')
})

it.runIf(process.platform === 'darwin' && koffi !== null)('agrees with what Node knows, on a Mac', () => {
  expect(loadCheckedCalls().problem).toBeNull()
})
