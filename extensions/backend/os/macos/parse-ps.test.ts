// Fixtures (docs/dev/platform-facts.md): *-linux-procps.txt were recorded on Linux with procps 4.0.2 and the very columns and environment
// that the source uses; *-darwin.txt were written by hand after Apple's source of ps and never seen on a Mac.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCpuTime, parseEnvironment, parseRows, parseScans, parseStarted } from './parse-ps.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/platforms/macos/${name}`, import.meta.url), 'utf8')
const factIn = (text: string, pid: number) => parseRows(text).rows.find(({ fact }) => fact.pid === pid)?.fact

describe('the rows of a Mac', () => {
  const text = fixture('ps-darwin.txt')

  it('reads every column', () => {
    const { rows, isWhole } = parseRows(text)
    expect(isWhole).toBe(true)
    expect(rows).toHaveLength(13)
    expect(factIn(text, 1207)).toEqual({
      identity: `1207:${Date.UTC(2025, 10, 25, 16, 11, 42)}`,
      pid: 1207,
      ppid: 1204,
      pgid: 811,
      sid: null,
      uid: 501,
      startedAtMs: Date.UTC(2025, 10, 25, 16, 11, 42),
      name: 'python3.11',
      argv: [
        '/Users/me/.local/share/uv/python/cpython-3.11.14-macos-aarch64-none/bin/python3.11',
        '/Users/me/.cache/uv/archive-v0/Qx7Z/bin/serena',
        'start-mcp-server',
        '--context',
        'ide-assistant',
        '--project',
        '/Users/me/my project',
      ],
      runState: 'S',
      rssBytes: 92_160 * 1024,
      cpuMs: 2_250,
    })
  })

  it('accepts a day of one digit, minutes beyond the hour, and the user nobody', () => {
    expect(factIn(text, 1300)?.startedAtMs).toBe(Date.UTC(2025, 10, 5, 6, 9, 8))
    expect(factIn(text, 88)?.cpuMs).toBe(((1234 * 60 + 56) * 100 + 78) * 10)
    expect(factIn(text, 214)?.uid).toBe(4_294_967_294)
  })

  it('distinguishes stopped, defunct, hidden and unknown', () => {
    expect(factIn(text, 1300)?.runState).toBe('T')
    expect(factIn(text, 1311)).toMatchObject({ runState: 'Z', argv: [] })
    expect(factIn(text, 88)).toMatchObject({ runState: 'U', argv: null, name: 'mds_stores' })
    expect(factIn(text, 1320)?.runState).toBeNull()
  })

  it('names programs of bundles with spaces', () => {
    expect(factIn(text, 917)?.name).toBe('Code Helper (Plugin)')
    expect(factIn(text, 902)).toMatchObject({ name: 'Electron', argv: [expect.any(String), '--some-flag'] })
  })

  it('reads the columns of a scan alike', () => {
    const { rows, isWhole } = parseScans(fixture('look-darwin.txt'))
    const facts = parseRows(text).rows.map(({ fact }) => fact)
    expect(isWhole).toBe(true)
    expect(rows).toEqual(
      facts.map(({ identity, pid, runState, cpuMs, startedAtMs }) => ({
        identity,
        pid,
        runState,
        cpuMs,
        startedAtMs,
      })),
    )
  })
})

describe('the rows of procps', () => {
  const text = fixture('ps-linux-procps.txt')

  it('reads all that was recorded', () => {
    const { rows, isWhole } = parseRows(text)
    expect(isWhole).toBe(true)
    expect(rows).toHaveLength(8)
    expect(factIn(text, 11_615)).toMatchObject({ ppid: 11_601, uid: 0, runState: 'S', cpuMs: 4_000 })
    expect(factIn(text, 11_611)).toMatchObject({ runState: 'T', argv: ['sleep', '600'], rssBytes: 1_519_616 })
    expect(factIn(text, 11_623)).toMatchObject({ runState: 'Z', argv: [], name: 'python3' })
    expect(factIn(text, 2)).toMatchObject({ argv: null, name: 'kthreadd' })
  })

  it('reads the columns of a scan', () => {
    const { rows, isWhole } = parseScans(fixture('look-linux-procps.txt'))
    expect(isWhole).toBe(true)
    expect(rows.map(({ pid, runState }) => [pid, runState])).toEqual([
      [2, 'S'],
      [11_610, 'S'],
      [11_611, 'T'],
      [11_623, 'Z'],
    ])
  })
})

describe('unusual output', () => {
  const row = (changes: { uid?: string; rss?: string; time?: string; started?: string; args?: string }) =>
    `  7   1   7 ${changes.uid ?? '501'} S ${changes.rss ?? '10'} ${changes.time ?? '0:01.00'} ${changes.started ?? 'Tue Nov 25 16:11:42 2025'}     ${changes.args ?? 'a'}`

  it('keeps null what is not reported', () => {
    expect(factIn(row({ rss: '-', time: '-' }), 7)).toMatchObject({ rssBytes: null, cpuMs: null })
    expect(factIn(row({ args: '' }), 7)).toMatchObject({ argv: null, name: '' })
  })

  it('reports a line that it does not understand', () => {
    for (const line of [
      row({ started: 'Di 25 Nov 16:11:42 2025' }),
      row({ started: 'Tue Nov 31 16:11:42 2025' }),
      row({ uid: 'me' }),
      'PID STAT',
    ])
      expect(parseRows(`${row({})}\n${line}\n`)).toMatchObject({
        isWhole: false,
        rows: [{ fact: { pid: 7 } }],
      })
    expect(parseRows('\n')).toEqual({ rows: [], isWhole: true })
  })

  it('lets no character of the arguments break a row', () => {
    const args = 'a \u2028 \u2029 \r ü 日本 1 2 3 Tue Nov 25 16:11:42 2025 x'
    const { rows, isWhole } = parseRows(row({ args }))
    expect(isWhole).toBe(true)
    expect(rows[0]?.command).toBe(args)
    expect(rows[0]?.fact.startedAtMs).toBe(Date.UTC(2025, 10, 25, 16, 11, 42))
  })

  it('reads start times and CPU times, and nothing else', () => {
    expect(parseStarted('Thu Jan  1 00:00:00 1970')).toBe(0)
    for (const text of [
      '',
      'Tue Nov 25 24:11:42 2025',
      'Tue Foo 25 16:11:42 2025',
      'Tue Nov 0 16:11:42 2025',
    ])
      expect(parseStarted(text)).toBeNull()
    expect(parseCpuTime('1-02:03:04')).toBe(93_784_000)
    expect(parseCpuTime('0:00.07')).toBe(70)
    for (const text of ['', '-', '1', '1:2', ':01', '1:2:3:04', 'x:01']) expect(parseCpuTime(text)).toBeNull()
  })

  it('accepts any input, and invents no numbers', () => {
    const numbers = ({ fact }: ReturnType<typeof parseRows>['rows'][number]) => [
      fact.pid,
      fact.ppid,
      fact.pgid,
      fact.uid,
      fact.startedAtMs,
      fact.rssBytes ?? 0,
      fact.cpuMs ?? 0,
    ]
    const word = fc.oneof(fc.string(), fc.constantFrom('-', '-1', '99999999999999', '0:0', '١', '1e5', ''))
    fc.assert(
      fc.property(word, word, word, word, fc.string({ unit: 'binary' }), (uid, rss, time, started, args) => {
        for (const text of [row({ uid }), row({ rss, time }), row({ started }), row({ args }), args]) {
          for (const found of parseRows(text).rows)
            expect(numbers(found).every(Number.isSafeInteger)).toBe(true)
          for (const { pid, cpuMs } of parseScans(text).rows)
            expect([pid, cpuMs ?? 0].every(Number.isSafeInteger)).toBe(true)
        }
      }),
    )
  })
})

describe('the environment', () => {
  const text = fixture('environment-darwin.txt')
  const command =
    parseRows(fixture('ps-darwin.txt')).rows.find(({ fact }) => fact.pid === 1207)?.command ?? ''
  const wanted = ['HOME', 'SERENA_HOME', 'EMPTY', 'USERPROFILE']

  it('takes the wanted variables, with spaces, the first of two', () => {
    expect(parseEnvironment(text, command, wanted)).toEqual({
      HOME: '/Users/me my',
      SERENA_HOME: '/Users/me my/.serena two',
      EMPTY: '',
    })
  })

  it('takes nothing from the arguments', () => {
    expect(parseEnvironment('env HOME=/no a HOME=/yes\n', 'env HOME=/no a', ['HOME'])).toEqual({
      HOME: '/yes',
    })
  })

  it('is unknown when none is given or the arguments are others', () => {
    for (const [printed, before] of [
      [`${command}\n`, command],
      ['', command],
      [text, 'other'],
      [text, ''],
      ['a b HOME=/x', 'a'],
    ] as const)
      expect(parseEnvironment(printed, before, wanted)).toBeNull()
  })

  it('accepts any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (line, before) => {
        const found = parseEnvironment(`${before} ${line}`, before, ['__proto__', 'A'])
        if (found) for (const value of Object.values(found)) expect(typeof value).toBe('string')
      }),
    )
  })
})
