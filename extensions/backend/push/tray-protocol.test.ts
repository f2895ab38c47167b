// What is said at the tray port: passed, refused, and never anything but a hint. Runs more with SERENA_DECK_FUZZ (how many).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgePush, parseHint } from './tray-protocol.ts'

const PORT = 24_224
const numRuns = Number(process.env['SERENA_DECK_FUZZ'] ?? 500)
const host = ['Host', `127.0.0.1:${PORT}`]
const json = ['Content-Type', 'application/json']
const paths = ['/register', '/update_project', '/unregister'] as const

/** As urllib sends it: seen with 2.1.0. */
const registration = {
  port: 24_282,
  pid: 4_711,
  dashboard_url: 'http://127.0.0.1:24282/dashboard/index.html',
  project: 'shop',
  started_at: '2026-11-23T08:00:00',
  open_viewer: true,
}

describe('a hint', () => {
  it('is parsed from the messages of Serena', () => {
    const text = JSON.stringify(registration)
    expect(judgePush({ method: 'POST', target: '/register', rawHeaders: [...host, ...json] }, PORT)).toEqual({
      path: '/register',
    })
    expect(parseHint('/register', text)).toEqual({
      kind: 'register',
      port: 24_282,
      pid: 4_711,
      opensViewer: true,
    })
    expect(parseHint('/update_project', '{"port":24282,"project":null}')).toEqual({
      kind: 'update',
      port: 24_282,
    })
    expect(parseHint('/unregister', '{"port":24282}')).toEqual({ kind: 'unregister', port: 24_282 })
  })

  it.each([
    { pid: '4711' },
    { pid: 1 },
    { pid: -5 },
    { pid: 1.5 },
    { pid: 2 ** 31 },
    { pid: null },
    { port: 0 },
    { port: 65_536 },
    { port: '24282' },
    { port: [24_282] },
    { port: true },
  ])('is none with %j', (change) => {
    expect(parseHint('/register', JSON.stringify({ ...registration, ...change }))).toBeNull()
  })

  it('ignores invalid values that are not needed', () => {
    const odd = { port: 24_282, pid: 4_711, open_viewer: 'yes', project: 'x'.repeat(5_000), more: { a: 1 } }
    expect(parseHint('/register', JSON.stringify(odd))).toEqual({
      kind: 'register',
      port: 24_282,
      pid: 4_711,
      opensViewer: false,
    })
  })

  it('never throws, and contains only a port and a pid', () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom(24_282, 4_711, 'x', null, {}, []))
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .dictionary(fc.constantFrom('port', 'pid', 'project', 'open_viewer', '__proto__', 'toString'), value)
        .map((one) => {
          try {
            return JSON.stringify(one) ?? ''
          } catch {
            // A bigint cannot be written as JSON.
            return ''
          }
        }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths), body, (path, text) => {
        const hint = parseHint(path, text)
        if (hint === null) return
        expect(hint.port > 0 && hint.port < 65_536 && Number.isInteger(hint.port)).toBe(true)
        if (hint.kind === 'register') expect(Number.isInteger(hint.pid) && hint.pid > 1).toBe(true)
        expect(Object.keys(hint).every((key) => ['kind', 'port', 'pid', 'opensViewer'].includes(key))).toBe(
          true,
        )
      }),
      { numRuns },
    )
  })

  it('accepts only these four paths, never with an Origin, never for another host', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'Host',
        'host',
        'Origin',
        'Content-Type',
        'Sec-Fetch-Site',
        `127.0.0.1:${PORT}`,
        'application/json',
        'null',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PUT', 'get'),
        fc.oneof(fc.constantFrom('/health', ...paths, '/', '//health', '/health/'), fc.string()),
        // Names and values in turn, as Node has them.
        fc.array(fc.tuple(word, word), { maxLength: 5 }).map((pairs) => pairs.flat()),
        (method, target, rawHeaders) => {
          const verdict = judgePush({ method, target, rawHeaders }, PORT)
          if (!('path' in verdict)) return
          const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
          expect(names).not.toContain('origin')
          expect(names.filter((name) => name === 'host')).toHaveLength(1)
          expect(['/health', ...paths]).toContain(target)
        },
      ),
      { numRuns },
    )
  })
})
