import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNetstat } from './parse-netstat.ts'

// Written by hand in the documented layout, not recorded (docs/dev/platform-facts.md).
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/platforms/windows/${name}`, import.meta.url), 'utf8')

describe('parseNetstat', () => {
  it('finds the listeners of each process, and no connections', () => {
    const found = parseNetstat(fixture('netstat-tcp.txt'))
    expect([...(found?.keys() ?? [])].sort()).toEqual([1240, 4, 9904].sort())
    expect(found?.get(9904)).toEqual([
      { address: '127.0.0.1', port: 24282, socket: '127.0.0.1:24282:9904' },
      { address: '127.0.0.1', port: 24283, socket: '127.0.0.1:24283:9904' },
    ])
    expect(found?.get(4)?.map(({ address, port }) => `${address}:${port}`)).toEqual([
      '192.168.59.1:139',
      '0.0.0.0:445',
    ])
  })

  it('needs no word of any language', () => {
    const found = parseNetstat(fixture('netstat-tcp-german.txt'))
    expect(found).toEqual(new Map([[9904, [expect.objectContaining({ address: '127.0.0.1', port: 24282 })]]]))
    const words = "  TCP    127.0.0.1:9876         0.0.0.0:0              A L'ECOUTE      8872\r\n"
    expect(parseNetstat(words)?.get(8872)).toMatchObject([{ port: 9876 }])
  })

  it('reads IPv6, with zones', () => {
    const found = parseNetstat(fixture('netstat-tcpv6.txt'))
    expect(found?.get(9904)).toMatchObject([{ address: '::1', port: 24282 }])
    expect(found?.get(1240)).toMatchObject([{ address: '::', port: 135 }])
    expect(found?.get(2380)).toMatchObject([{ address: 'fe80::5efe:7f00%12', port: 1900 }])
  })

  it('returns null when no row is understood, and no listeners for connections alone', () => {
    for (const text of [
      '',
      'Active Connections\r\n',
      'Access denied',
      '  UDP    0.0.0.0:5353   *:*    3120\r\n',
    ])
      expect(parseNetstat(text)).toBeNull()
    expect(parseNetstat('  TCP  127.0.0.1:1  127.0.0.1:2  ESTABLISHED  7')).toEqual(new Map())
  })

  it.each([
    '  TCP    127.0.0.1:99999        0.0.0.0:0   LISTENING   7',
    '  TCP    127.0.0.1:0            0.0.0.0:0   LISTENING   7',
    '  TCP    127.0.0.1:80           0.0.0.0:0   LISTENING   seven',
    '  TCP    127.0.0.1:80           0.0.0.0:0   7',
    '  TCP    somewhere:80           0.0.0.0:0   LISTENING   7',
  ])('passes over %j', (line) => {
    expect(parseNetstat(line)).toBeNull()
  })

  it('accepts any input, and invents no ports', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'TCP',
        '0.0.0.0:0',
        '[::]:0',
        '[::1]:80',
        '127.0.0.1:24282',
        'LISTENING',
        '4',
        '\r\n',
        '\n',
        ' ',
      ),
      fc.string({ maxLength: 12 }),
    )
    fc.assert(
      fc.property(fc.array(word), (words) => {
        for (const [pid, listeners] of parseNetstat(words.join(' ')) ?? []) {
          expect(Number.isSafeInteger(pid)).toBe(true)
          for (const { port } of listeners) expect(port > 0 && port < 65_536).toBe(true)
        }
      }),
    )
  })
})
