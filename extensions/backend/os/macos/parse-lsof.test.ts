// Fixtures (docs/dev/platform-facts.md): lsof-linux.txt was recorded on Linux with lsof 4.95.0 and the very options that the source uses;
// lsof-darwin.txt was written by hand after lsof(8) and lsof's own Darwin source, and never seen on a Mac.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLsof } from './parse-lsof.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/platforms/macos/${name}`, import.meta.url), 'utf8')
const socket = (...fields: string[]): string => ['p7', 'f3', ...fields].join('\n')
const listenersIn = (text: string) => parseLsof(text).get(7)?.listeners

describe('what lsof prints on a Mac', () => {
  const found = parseLsof(fixture('lsof-darwin.txt'))

  it('gives folder, listeners and open logs, and nothing else', () => {
    expect(found.get(1207)).toEqual({
      cwd: '/Users/me/my project',
      stdin: '/dev/null',
      ends: [
        { fd: 4, kind: 'socket', handle: '0x3a1c5e7790b2d4f6', peer: '0x3a1c5e7790b2d4f7' },
        { fd: 5, kind: 'socket', handle: '0x3a1c5e7790b2d4f8', peer: null },
      ],
      listeners: [{ address: '127.0.0.1', port: 24282, socket: '0x5f1b2c3d4e5f6071:10:127.0.0.1:24282' }],
      openLogFiles: ['/Users/me my/.serena two/logs/2025-11-25/mcp_20251125-161143_1207.txt'],
    })
  })

  it('distinguishes all addresses of IPv4 from those of IPv6', () => {
    expect(found.get(1300)?.listeners.map(({ address, port }) => [address, port])).toEqual([
      ['0.0.0.0', 9121],
      ['::', 24283],
      ['::1', 24290],
    ])
  })

  it('reads escaped bytes as UTF-8', () => {
    expect(found.get(1300)?.cwd).toBe('/Users/me/jörg')
    expect(parseLsof('p7\nfcwd\nn/a\\\\x41\\tb\\xe6\\x97\\xa5').get(7)?.cwd).toBe('/a\\x41\tb日')
  })

  it('has a process without sockets, and none that is not listed', () => {
    expect(found.get(1219)).toEqual({ cwd: '/', stdin: null, ends: [], listeners: [], openLogFiles: [] })
    expect(found.has(4)).toBe(false)
  })
})

it('reads what was recorded on Linux', () => {
  expect(parseLsof(fixture('lsof-linux.txt'))).toEqual(
    new Map([
      [
        11_610,
        {
          cwd: '/tmp/demo pröject',
          stdin: '/dev/null',
          ends: [],
          listeners: [
            { address: '127.0.0.1', port: 24282, socket: '445525:21:127.0.0.1:24282' },
            { address: '0.0.0.0', port: 24300, socket: '445526:22:0.0.0.0:24300' },
            { address: '::1', port: 24301, socket: '445527:23:::1:24301' },
            { address: '::', port: 24302, socket: '445528:24::::24302' },
          ],
          openLogFiles: ['/tmp/demo pröject/logs/2026-11-23/mcp_20261123-124144_1.txt'],
        },
      ],
      [11_611, { cwd: '/tmp/demo pröject', stdin: '/dev/null', ends: [], listeners: [], openLogFiles: [] }],
    ]),
  )
})

it.each([
  [['tunix', 'd0x1', 'n->0x2'], { kind: 'socket', handle: '0x1', peer: '0x2' }],
  [['tunix', 'd0x1', 'n->(none)'], { kind: 'socket', handle: '0x1', peer: null }],
  [['tPIPE', 'd0x1', 'n->0x2'], { kind: 'pipe', handle: '0x1', peer: '0x2' }],
  [['tPIPE', 'd0x1', 'n->0x2, cnt=17'], { kind: 'pipe', handle: '0x1', peer: '0x2' }],
  [['tPIPE', 'd0x1', 'n, cnt=17'], { kind: 'pipe', handle: '0x1', peer: null }],
  [['tPIPE', 'd0x1'], { kind: 'pipe', handle: '0x1', peer: null }],
  // Not read, of another kind, or with a name of its own: no end of a connection.
  [['tPIPE'], null],
  [['tPIPE', 'd0x0'], null],
  [['tPIPE', 'd0x1', 'ncan’t read pipe'], null],
  [['tunix', 'd0x1'], null],
  [['tunix', 'd0x1', 'n/var/run/mDNSResponder'], null],
  [['tunix', 'n->(none)'], null],
  [['tREG', 'd0x1', 'n/a'], null],
] as const)('an end of a connection: %j', (fields, end) => {
  expect(parseLsof(socket(...fields)).get(7)?.ends).toEqual(end ? [{ fd: 3, ...end }] : [])
})

describe('sockets', () => {
  it('are listeners only when lsof says so', () => {
    const listening = ['tIPv4', 'd0x1', 'PTCP', 'n*:80', 'TST=LISTEN']
    expect(listenersIn(socket(...listening))).toHaveLength(1)
    for (const [field, other] of [
      ['PTCP', 'PUDP'],
      ['TST=LISTEN', 'TST=ESTABLISHED'],
      ['TST=LISTEN', 'TQR=0'],
      ['n*:80', 'n*:*'],
      ['n*:80', 'n*:0'],
      ['n*:80', 'n*:65536'],
      ['n*:80', 'n127.0.0.1:80->127.0.0.1:90'],
      ['n*:80', 'nlocalhost:80'],
      ['n*:80', ''],
    ] as const)
      expect(listenersIn(socket(...listening.map((one) => (one === field ? other : one))))).toEqual([])
  })

  it('have another key when they are others', () => {
    const key = (device: string): string | undefined =>
      listenersIn(socket('tIPv4', device, 'PTCP', 'n*:80', 'TST=LISTEN'))?.[0]?.socket
    expect(key('d0x1')).not.toBe(key('d0x2'))
    expect(key('d0x1')).toBe(key('d0x1'))
  })
})

it('knows the folders of logs', () => {
  const logs = (name: string) => parseLsof(`p7\nf3\ntREG\nn${name}`).get(7)?.openLogFiles
  for (const name of ['/a/logs/b.txt', '/a/logs/2025-11-25/b.log']) expect(logs(name)).toEqual([name])
  for (const name of ['/a/logs/x/y/b.txt', '/a/logs/b.md', 'logs/b.txt', '/logs.txt'])
    expect(logs(name)).toEqual([])
})

it('accepts any input, and invents no numbers', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'p7',
      'p',
      'p-1',
      'px',
      'fcwd',
      'f3',
      'tIPv6',
      'PTCP',
      'TST=LISTEN',
      'n*:80',
      'n*:x',
      'n',
      '\\xzz',
    ),
  )
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const [pid, { cwd, listeners }] of parseLsof(lines.join('\n'))) {
        expect(Number.isSafeInteger(pid)).toBe(true)
        expect(cwd === null || cwd.startsWith('/')).toBe(true)
        for (const { port } of listeners) expect(port > 0 && port < 65_536).toBe(true)
      }
    }),
  )
})
