// Decoders against structures that a compiler filled by Apple's field names (test/fixtures/platforms/macos/native-layouts.c).
import { describe, expect, it } from 'vitest'
import { parseBsdInfo, parseFolders, parseKinfo, parseTaskInfo, stringAt } from './native-facts.ts'
import * as layout from './native-layout.ts'
import { layouts, recorded } from './native-machine.fixture.ts'

const STRUCTS = {
  proc_bsdinfo: layout.PROC_BSDINFO,
  proc_taskinfo: layout.PROC_TASKINFO,
  kinfo_proc: layout.KINFO_PROC,
  proc_vnodepathinfo: layout.PROC_VNODEPATHINFO,
  proc_fdinfo: layout.PROC_FDINFO,
  proc_fileinfo: layout.PROC_FILEINFO,
  vnode_fdinfowithpath: layout.VNODE_FDINFOWITHPATH,
  pipe_fdinfo: layout.PIPE_FDINFO,
  socket_fdinfo: layout.SOCKET_FDINFO,
} as const

it.each(Object.entries(STRUCTS))('has the sizes and offsets of %s', (name, fields) => {
  for (const [field, at] of Object.entries(fields))
    expect([field, layouts[field === 'size' ? name : `${name}.${field}`]]).toEqual([field, at])
})

describe('a process of this user', () => {
  it('has its parent, user, start in microseconds, state and name', () => {
    expect(parseBsdInfo(recorded('bsd'))).toEqual({
      pid: 4711,
      ppid: 812,
      pgid: 4700,
      uid: 501,
      startedAtUs: 1_796_000_000_123_456,
      runState: 'T',
      name: 'python3.12-config-tool',
      isTraced: true,
    })
  })

  it('is named by its short name where it has no other', () => {
    const bytes = recorded('bsd')
    bytes.fill(0, layout.PROC_BSDINFO.pbi_name, layout.PROC_BSDINFO.pbi_name + 32)
    expect(parseBsdInfo(bytes).name).toBe('python3.12-conf')
  })

  it.each([
    [1, null],
    [2, 'R'],
    [3, 'S'],
    [4, 'T'],
    [5, 'Z'],
    [77, null],
  ])('knows status %i as %s', (status, runState) => {
    const bytes = recorded('bsd')
    bytes.writeUInt32LE(status, layout.PROC_BSDINFO.pbi_status)
    expect(parseBsdInfo(bytes).runState).toBe(runState)
  })

  it('has memory in bytes and processor time by the unit of the machine', () => {
    const bytes = recorded('task')
    expect(parseTaskInfo(bytes, { numerator: 125, denominator: 3 })).toEqual({
      rssBytes: 52_428_800,
      cpuMs: 1500,
    })
    expect(parseTaskInfo(bytes, { numerator: 1, denominator: 1 }).cpuMs).toBe(36)
  })

  it('has a working folder, and a root in a chroot', () => {
    expect(parseFolders(recorded('folder'))).toEqual({ cwd: '/Users/ana/mü ller', root: null })
    expect(parseFolders(recorded('folder in a chroot')).root).toBe('/private/var/chroot')
    expect(parseFolders(Buffer.alloc(layout.PROC_VNODEPATHINFO.size))).toEqual({ cwd: null, root: null })
  })
})

it('reads another user’s process from a kinfo_proc', () => {
  expect(parseKinfo(recorded('kinfo'))).toEqual({
    pid: 88,
    ppid: 1,
    pgid: 88,
    uid: 4_294_967_294,
    startedAtUs: 1_795_999_000_654_321,
    runState: 'R',
    name: 'login',
    isTraced: false,
  })
})

it('reads a text that fills its field', () => {
  expect(stringAt(Buffer.from('abcd'), 1, 2)).toBe('bc')
})
