import { describe, expect, it } from 'vitest'
import { createNativeFiles, type DescriptorType } from './native-files.ts'
import { createMachine, OWN, STARTED_AT_US } from './native-machine.fixture.ts'
import { createNativeReader } from './native-reader.ts'

const ALL: ReadonlySet<DescriptorType> = new Set(['pipe', 'socket', 'file'])

function machine() {
  const mac = createMachine()
  return { ...mac, reader: createNativeReader(mac.calls), files: createNativeFiles(mac.calls) }
}

describe('createNativeReader', () => {
  it('lists every pid but the kernel, however many there are', () => {
    const { reader, start } = machine()
    expect(reader.pids()).toEqual([1, OWN.pid])
    for (let pid = 1000; pid < 6000; pid++) start({ pid })
    expect(reader.pids()).toHaveLength(5002)
  })

  it('knows nothing of the list when the system refuses it', () => {
    const { calls } = createMachine()
    expect(createNativeReader({ ...calls, proc_listallpids: () => 0 }).pids()).toBeNull()
  })

  it('reads another user’s process by sysctl', () => {
    const { reader, start } = machine()
    start({ pid: 60, uid: 0, ppid: 7, name: 'login', startedAtUs: STARTED_AT_US + 1 })
    expect(reader.process(60)).toMatchObject({
      uid: 0,
      ppid: 7,
      name: 'login',
      startedAtUs: STARTED_AT_US + 1,
    })
    expect(reader.usage(60)).toBeNull()
    expect(reader.arguments(60)).toBeNull()
    expect(reader.folders(60)).toBeNull()
  })

  it('lists a defunct process', () => {
    const { reader, start } = machine()
    start({ pid: 60, status: 5 })
    expect(reader.process(60)).toMatchObject({ pid: 60, runState: 'Z' })
    expect(reader.usage(60)).toBeNull()
  })

  it('distinguishes a process that has exited from one that cannot be read', () => {
    const { calls, start, end } = createMachine()
    start({ pid: 60, uid: 0 })
    const refused = createNativeReader({ ...calls, sysctl: () => -1 })
    expect(refused.process(60)).toBe('unread')
    expect(refused.process(61)).toBe('gone')
    end(60)
    expect(refused.process(60)).toBe('gone')
    const short = createNativeReader({
      ...calls,
      proc_pidinfo: () => 8,
      sysctl: (_name, _count, _bytes, size) => {
        size[0] = 492
        return 0
      },
    })
    expect(short.process(OWN.pid)).toBe('unread')
  })

  it('believes no answer about another process', () => {
    const { calls } = createMachine()
    const reader = createNativeReader({
      ...calls,
      proc_pidinfo: (_pid, flavor, argument, bytes, size) =>
        calls.proc_pidinfo(OWN.pid, flavor, argument, bytes, size),
    })
    expect(reader.process(61)).toBe('unread')
  })

  it('reads memory and processor time in the unit of the machine', () => {
    expect(machine().reader.usage(OWN.pid)).toEqual({ rssBytes: 52_428_800, cpuMs: 1500 })
  })

  it('reads arguments, folder and program', () => {
    const { reader, start } = machine()
    start({ pid: 60, argv: ['a', 'b c'], cwd: '/Users/ana/ö', program: '/opt/homebrew/bin/a' })
    expect(reader.arguments(60)?.argv).toEqual(['a', 'b c'])
    expect(reader.folders(60)).toEqual({ cwd: '/Users/ana/ö', root: null })
    expect(reader.program(60)).toBe('/opt/homebrew/bin/a')
    expect(reader.program(OWN.pid)).toBeNull()
  })
})

describe('createNativeFiles', () => {
  it('lists the descriptors of the wanted types, however many there are', () => {
    const { files, makePair, open } = machine()
    const [end] = makePair('pipe')
    open(OWN.pid, 0, { end, isPrivate: false })
    open(OWN.pid, 1, { file: '/tmp/a', format: 0o100000, isPrivate: true })
    open(OWN.pid, 2, { socket: 'listener 127.0.0.1:24282' })
    expect(files.descriptors(OWN.pid, ALL)?.map(({ fd, kind }) => [fd, kind])).toEqual([
      [0, 'pipe'],
      [1, 'file'],
      [2, 'listener'],
    ])
    expect(files.descriptors(OWN.pid, new Set(['file']))?.map(({ fd }) => fd)).toEqual([1])
    for (let fd = 3; fd < 1000; fd++) open(OWN.pid, fd, { end, isPrivate: false })
    expect(files.descriptors(OWN.pid, ALL)).toHaveLength(1000)
  })

  it('distinguishes no descriptors from those that cannot be read', () => {
    const { files, start } = machine()
    start({ pid: 60, uid: 0 })
    expect(files.descriptors(OWN.pid, ALL)).toEqual([])
    expect(files.descriptors(60, ALL)).toBeNull()
    expect(files.descriptors(61, ALL)).toBeNull()
  })

  it('reports a descriptor that is open and cannot be read', () => {
    const { calls, makePair, open } = machine()
    open(OWN.pid, 4, { end: makePair('pipe')[0], isPrivate: false })
    const files = createNativeFiles({ ...calls, proc_pidfdinfo: () => 0 })
    expect(files.descriptors(OWN.pid, ALL)).toEqual([{ fd: 4, kind: 'unread' }])
  })
})
