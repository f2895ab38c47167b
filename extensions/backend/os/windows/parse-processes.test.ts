import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePids, parseProcesses, withTrueParents } from './parse-processes.ts'

// Written by hand from the documentation of Win32_Process and ConvertTo-Json, not recorded (docs/dev/platform-facts.md).
const fixture = readFileSync(
  new URL('../../../../test/fixtures/platforms/windows/processes.json', import.meta.url),
  'utf8',
)
const row = (changes: object = {}): object => ({
  p: 42,
  pp: 4,
  n: 'a.exe',
  c: 'a.exe',
  s: '134085600000000000',
  w: 1,
  k: 10_000,
  u: 20_000,
  ...changes,
})
const factOf = (changes: object) => parseProcesses(JSON.stringify([row(changes)])).facts[0]

describe('parseProcesses', () => {
  it('reads a list', () => {
    const { facts, isWhole } = parseProcesses(fixture)
    expect(isWhole).toBe(true)
    expect(facts).toHaveLength(11)
    expect(facts.find(({ pid }) => pid === 9904)).toEqual({
      identity: '9904:134085607020009904',
      pid: 9904,
      ppid: 9880,
      pgid: null,
      sid: null,
      uid: null,
      startedAtMs: Date.UTC(2025, 10, 25, 16, 11, 42),
      name: 'python.exe',
      argv: [
        'C:\\Users\\me\\AppData\\Roaming\\uv\\python\\cpython-3.11\\python.exe',
        'C:\\Users\\me\\AppData\\Local\\uv\\cache\\archive-v0\\x1\\Scripts\\serena.exe',
        'start-mcp-server',
        '--context',
        'ide-assistant',
        '--project',
        'C:\\Users\\me\\my project',
      ],
      runState: null,
      rssBytes: 90_000_000,
      cpuMs: 6_000,
    })
    expect(facts.find(({ pid }) => pid === 7000)?.argv?.[1]).toBe('C:\\ü\\日本.txt')
  })

  it('takes a lone process without its array', () => {
    expect(parseProcesses(JSON.stringify(row()))).toMatchObject({ isWhole: true, facts: [{ pid: 42 }] })
  })

  it('keeps null what Windows does not report', () => {
    expect(factOf({ c: null })).toMatchObject({ argv: null, startedAtMs: 1764086400000 })
    expect(factOf({ c: '' })?.argv).toBeNull()
    expect(factOf({ w: null, k: null })).toMatchObject({ rssBytes: null, cpuMs: null })
    expect(factOf({ w: 'much', u: -1 })).toMatchObject({ rssBytes: null, cpuMs: null })
  })

  it.each([null, '', '0', 'soon', 134085600000000000, '116444735999999999', '99999999999999999999'])(
    'matches no process whose start is %j',
    (s) => {
      expect(factOf({ s })).toMatchObject({ identity: '42:unknown', argv: null, startedAtMs: 0 })
    },
  )

  it('distinguishes two processes of one pid by 100 ns', () => {
    const [one, other] = ['134085600000000001', '134085600000000002'].map((s) => factOf({ s }))
    expect(one?.startedAtMs).toBe(other?.startedAtMs)
    expect(one?.identity).not.toBe(other?.identity)
  })

  it('is not whole without a process, or with a row that says nothing', () => {
    for (const text of ['', '[]', 'null', '3', '[{"p":1', '{"error":"x"}'])
      expect(parseProcesses(text)).toEqual({ facts: [], isWhole: false })
    for (const bad of [{ p: -1 }, { p: 1.5 }, { p: '7' }, { pp: null }])
      expect(parseProcesses(JSON.stringify([row(), row(bad)]))).toMatchObject({
        isWhole: false,
        facts: [{ pid: 42 }],
      })
  })

  it('accepts any input, and invents no numbers', () => {
    const anyField = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.bigInt().map(String))
    const anyRow = fc.record(
      {
        p: fc.nat(),
        pp: fc.nat(),
        n: anyField,
        c: anyField,
        s: anyField,
        w: anyField,
        k: anyField,
        u: anyField,
      },
      { requiredKeys: [] },
    )
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.oneof(anyRow, fc.jsonValue())).map((rows) => JSON.stringify(rows)),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        for (const fact of parseProcesses(text).facts)
          for (const value of Object.values(fact)) expect(value).not.toBeNaN()
        parsePids(text)
      }),
    )
  })
})

describe('parsePids', () => {
  it('reads a list, and knows nothing of anything else', () => {
    expect(parsePids('[0,4,4294967295]')).toEqual(new Set([0, 4, 4294967295]))
    for (const text of ['', '[]', '[1,null]', '[1,-2]', '{"0":1}', '[1', '7'])
      expect(parsePids(text)).toBeNull()
  })
})

describe('withTrueParents', () => {
  it('removes a parent that started after its child', () => {
    const byPid = withTrueParents(parseProcesses(fixture).facts)
    // 7000 was started by a process of pid 9950 that is gone; today's 9950 began later.
    expect(byPid.get(7000)?.ppid).toBe(0)
    expect(byPid.get(9904)?.ppid).toBe(9880)
    // An absent parent stays what it is: absent.
    expect(byPid.get(3300)?.ppid).toBe(2200)
  })
})
