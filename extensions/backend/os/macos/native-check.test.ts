// What makes the calls unusable: each is broken once on a simulated Mac.
import { expect, it } from 'vitest'
import type { MacosCalls } from './native-calls.ts'
import { findCallProblem } from './native-check.ts'
import { createNativeFiles } from './native-files.ts'
import { PIPE_FDINFO, PROC_BSDINFO, SOCKET_FDINFO } from './native-layout.ts'
import { createMachine, OWN } from './native-machine.fixture.ts'
import { createNativeReader } from './native-reader.ts'

const NOW_MS = 1_796_000_010_000

function problemOf(change: (calls: MacosCalls) => Partial<MacosCalls> = () => ({}), own = {}): string | null {
  const { calls, open, makePair } = createMachine()
  open(OWN.pid, 0, { end: makePair('pipe')[0], isPrivate: false })
  const changed = { ...calls, ...change(calls) }
  const problem = findCallProblem({
    calls: changed,
    reader: createNativeReader(changed),
    files: createNativeFiles(changed),
    own: { ...OWN, argv0: 'node', ...own },
    now: () => NOW_MS,
  })
  const left = createNativeFiles(calls).descriptors(OWN.pid, new Set(['pipe', 'socket']))
  expect(left?.map(({ fd }) => fd)).toEqual([0])
  return problem
}

/** Writes into every answer of that size. */
const patched =
  (size: number, change: (bytes: Buffer) => void) =>
  (calls: MacosCalls): Partial<MacosCalls> => ({
    proc_pidinfo(pid, flavor, argument, bytes, length) {
      const written = calls.proc_pidinfo(pid, flavor, argument, bytes, length)
      if (written === size) change(bytes)
      return written
    },
    proc_pidfdinfo(pid, fd, flavor, bytes, length) {
      const written = calls.proc_pidfdinfo(pid, fd, flavor, bytes, length)
      if (written === size) change(bytes)
      return written
    },
  })

const shift = (at: number) => (bytes: Buffer) => {
  bytes.writeBigUInt64LE(0x77n, at)
}

it('finds nothing wrong with calls that answer as the headers say', () => {
  expect(problemOf()).toBeNull()
})

it.each<[string, (calls: MacosCalls) => Partial<MacosCalls>, string]>([
  [
    'a list without this process',
    () => ({ proc_listallpids: () => 1 }),
    'the list of processes is incomplete',
  ],
  [
    'a structure of another size',
    () => ({ proc_pidinfo: () => 140, sysctl: () => -1 }),
    'this process cannot be read',
  ],
  [
    'another place of the parent',
    patched(PROC_BSDINFO.size, (bytes) => bytes.writeUInt32LE(7, PROC_BSDINFO.pbi_ppid)),
    'the parent or the user of this process differs',
  ],
  [
    'another place of the start',
    patched(PROC_BSDINFO.size, shift(PROC_BSDINFO.pbi_start_tvsec)),
    'the start of this process differs',
  ],
  [
    'a pipe without handles',
    patched(PIPE_FDINFO.size, (bytes) => bytes.fill(0, PIPE_FDINFO['pipeinfo.pipe_handle'])),
    'the two ends of a pipe differ',
  ],
  [
    'an end that always has another end',
    patched(PIPE_FDINFO.size, (bytes) => {
      const at = PIPE_FDINFO['pipeinfo.pipe_peerhandle']
      if (bytes.readBigUInt64LE(at) === 0n) bytes.writeBigUInt64LE(0x99n, at)
    }),
    'the closed end of a pipe is not reported',
  ],
  [
    'a pipe that never has another end',
    patched(PIPE_FDINFO.size, (bytes) => bytes.writeBigUInt64LE(0n, PIPE_FDINFO['pipeinfo.pipe_peerhandle'])),
    'the two ends of a pipe differ',
  ],
  [
    'one handle for every end',
    patched(PIPE_FDINFO.size, (bytes) => {
      const at = PIPE_FDINFO['pipeinfo.pipe_peerhandle']
      bytes.writeBigUInt64LE(7n, PIPE_FDINFO['pipeinfo.pipe_handle'])
      if (bytes.readBigUInt64LE(at) !== 0n) bytes.writeBigUInt64LE(7n, at)
    }),
    'the two ends of a pipe differ',
  ],
  [
    'a socket that never has another end',
    patched(SOCKET_FDINFO.size, shift(SOCKET_FDINFO['psi.soi_proto.pri_un.unsi_conn_pcb'])),
    'the two ends of a socket differ',
  ],
  ['no descriptor left for a pipe', () => ({ pipe: () => -1 }), 'a pipe cannot be made'],
])('refuses %s', (_, change, problem) => {
  expect(problemOf(change)).toBe(problem)
})

it('compares the user and the arguments with what Node knows', () => {
  expect(problemOf(undefined, { uid: 502 })).toBe('the parent or the user of this process differs')
  expect(problemOf(undefined, { argv0: '/usr/bin/node' })).toBe('the arguments of this process differ')
})
