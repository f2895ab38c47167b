// Texts of /proc, as the kernel prints them and as they come when something is odd.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseArgv,
  parseBootTime,
  parseCgroup,
  parseEnvironment,
  parseInnerPids,
  parseNumberLine,
  parseStat,
  parseTerminal,
} from './parse-proc.ts'

const stat = (name: string) =>
  `4242 (${name}) S 100 4242 4242 0 -1 4194560 1 2 3 4 55 11 0 0 20 0 3 0 199184 23 9000 18446744073709551615 1 1 0`

it.each([
  ['Name:\tx\nNSpid:\t4711\t12\t1\nVmPeak:', [12, 1]],
  ['NSpid:\t4711\n', []],
  ['', []],
  ['NSpid:\tx\ty\n', []],
])('the inner pids of %j', (status, pids) => {
  expect(parseInnerPids(status)).toEqual(pids)
})

it.each([
  // pts/0, pts/3, pts/255, pts/256; tty1, none, and what is no stat line.
  ['34816', 0],
  ['34819', 3],
  ['35071', 255],
  ['1083392', 256],
  ['1025', null],
  ['0', null],
  ['', null],
  ['x', null],
])('the terminal of device %j is %j', (device, terminal) => {
  expect(parseTerminal(`1 (a) b) S 1 1 1 ${device} -1 0`)).toBe(terminal)
})

describe('parseStat', () => {
  it.each(['serena', 'a b', ') S 1 (', 'tmux: server', '((', 'ü日本', ''])(
    'takes the name %j whole',
    (name) => {
      expect(parseStat(stat(name))).toEqual({
        name,
        runState: 'S',
        ppid: 100,
        pgid: 4242,
        sid: 4242,
        cpuTicks: 66,
        startTicks: '199184',
        rssPages: 9000,
        threads: 3,
      })
    },
  )

  it('returns null for a line that is cut or empty', () => {
    for (const text of ['', '4242', '4242 (x', '4242 (x)', '4242 (x) S 1 2', stat('x').slice(0, 60)])
      expect(parseStat(text)).toBeNull()
  })

  it('accepts any input, and invents no numbers', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseStat(text)
        if (parsed) expect(Number.isNaN(parsed.ppid)).toBe(false)
      }),
    )
  })
})

describe('parseArgv', () => {
  it('splits at NUL and nowhere else', () => {
    expect(parseArgv('a b\0"c"\0\0ü\nx\0')).toEqual(['a b', '"c"', '', 'ü\nx'])
    expect(parseArgv('')).toEqual([])
    expect(parseArgv('nginx: master process')).toEqual(['nginx: master process'])
  })
})

describe('the other files', () => {
  it('reads environments, numbers, boot time and cgroups', () => {
    expect(parseEnvironment('A=1\0SERENA_HOME=/x=y\0BROKEN\0', ['SERENA_HOME', 'BROKEN'])).toEqual({
      SERENA_HOME: '/x=y',
    })
    expect(parseNumberLine('Name:\tx\nTracerPid:\t17\n', 'TracerPid')).toBe(17)
    expect(parseNumberLine('Pss:             1234 kB\nPss_Anon: 5 kB', 'Pss')).toBe(1234)
    expect(parseNumberLine('Name:\tx', 'TracerPid')).toBeNull()
    expect(parseBootTime('cpu 1 2\nbtime 1795382955\nprocesses 9\n')).toBe(1795382955)
    expect(parseCgroup('0::/user.slice/a\n')).toEqual({ unified: '/user.slice/a', freezer: null })
    expect(parseCgroup('5:cpu,freezer:/f\n0::/')).toEqual({ unified: '/', freezer: '/f' })
  })

  it('accepts any input', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseArgv(text)
        parseCgroup(text)
        parseBootTime(text)
        parseEnvironment(text, ['HOME'])
        parseNumberLine(text, 'Pss')
      }),
    )
  })
})
