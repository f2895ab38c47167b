// Random registry files: no crash, every notice a sentence, and no file of another program overwritten. Runs
// more of them with SERENA_DECK_FUZZ (how many).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseForeignRegistry, parseOwnEntry } from './parse-registry.ts'
import { createViewPublisher } from './publish-view.ts'
import { createRegistryReader } from './read-registry.ts'
import { parseView } from './view.ts'

const numRuns = Number(process.env['SERENA_DECK_FUZZ'] ?? 300)
const place = { file: '/h/instances.json', serenaHome: '/h' }

const key = fc.constantFrom(
  'pid',
  'port',
  'project_name',
  'project_root',
  'context',
  'modes',
  'started_at',
  'last_seen',
  'last_heartbeat',
  'state',
  'zombie_detected_at',
  'schema',
  'startedAt',
  'identity',
  'pidNamespace',
  'project',
  'updatedAt',
  '__proto__',
)
const leaf = fc.oneof(
  fc.constantFrom(
    null,
    0,
    -1,
    1,
    500,
    24_282,
    65_536,
    1e308,
    -0,
    1.5,
    2 ** 31,
    '',
    'live',
    '500',
    '2026-11-23',
    [],
    {},
    true,
  ),
  fc.string({ maxLength: 8 }),
  fc.double(),
)
const entry = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 12 })
const shapes = fc.oneof(
  fc.array(fc.oneof(entry, leaf), { maxLength: 4 }),
  fc.dictionary(fc.oneof(fc.nat().map(String), fc.string({ maxLength: 4 })), fc.oneof(entry, leaf), {
    maxKeys: 4,
  }),
  fc.record(
    {
      instances: fc.oneof(
        fc.dictionary(fc.nat().map(String), entry, { maxKeys: 4 }),
        leaf,
        fc.array(entry, { maxLength: 2 }),
      ),
      lifecycle_events: fc.oneof(fc.array(entry, { maxLength: 2 }), leaf),
      global_dashboard_pid: leaf,
      global_dashboard_port: leaf,
    },
    { requiredKeys: [] },
  ),
  entry,
  leaf,
)
/** Well formed, cut, with bytes changed, or no JSON at all. */
const text = fc
  .tuple(shapes, fc.constantFrom('whole', 'cut', 'dirty', 'other'), fc.nat(), fc.string({ maxLength: 20 }))
  .map(([value, how, at, noise]) => {
    const json = JSON.stringify(value) ?? ''
    const place = json.length === 0 ? 0 : at % json.length
    if (how === 'cut') return json.slice(0, place)
    if (how === 'dirty') return `${json.slice(0, place)}${noise}${json.slice(place + 1)}`
    return how === 'other' ? noise : json
  })

/** Apart from what it quotes. */
const isSentence = (words: string): boolean =>
  /^\S.*\.$/s.test(words) && words.length < 400 && !/undefined|\[object|NaN/.test(words.replace(/".*"/s, ''))

it('parses any file, or reports its problem', () => {
  fc.assert(
    fc.property(text, (found) => {
      for (const { entries, problems } of [parseForeignRegistry(found, place), parseOwnEntry(found, place)]) {
        for (const problem of problems) expect(isSentence(problem.text), problem.text).toBe(true)
        for (const { pid, port, startedAtMs } of entries) {
          expect(Number.isInteger(pid) && pid > 1).toBe(true)
          expect(port === null || (port > 0 && port < 65_536)).toBe(true)
          expect(startedAtMs === null || Number.isFinite(startedAtMs)).toBe(true)
        }
      }
    }),
    { numRuns },
  )
  expect(({} as Record<string, unknown>)['pid']).toBeUndefined()
})

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-fuzz-'))
  mkdirSync(join(home, 'instances.d'), { mode: 0o700 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const ours = {
  pid: 54_321,
  port: 24_299,
  startedAtMs: 1_795_420_800_123,
  projectName: null,
  projectRoot: null,
  context: null,
  modes: [],
  state: 'idle' as const,
}

it('publishes beside entries that it can keep, and does not change other files', async () => {
  const reader = createRegistryReader()
  await fc.assert(
    fc.asyncProperty(text, text, async (shared, own) => {
      const file = join(home, 'instances.json')
      rmSync(join(home, 'instances.d', '.published.json'), { force: true })
      writeFileSync(file, shared)
      const past = Date.now() / 1000 - 3_600
      utimesSync(file, past, past)
      writeFileSync(join(home, 'instances.d', '5-1.json'), own)
      await reader.read([home])
      const before = parseView(shared)
      const publisher = createViewPublisher({
        hasExited: () => Promise.resolve(true),
        findRunning: () => Promise.resolve(() => false),
        nowMs: Date.now,
        ownPid: 77,
      })
      const outcome = await publisher.publish(home, [ours])
      const after = readFileSync(file, 'utf8')
      if (before === null) {
        expect(outcome.kind).toBe('left')
        expect(after).toBe(shared)
        return
      }
      expect(outcome.kind).toBe('written')
      const view = parseView(after)
      const { '54321': published, ...theirs } = view?.instances ?? {}
      expect(published).toBeDefined()
      const { '54321': _, ...expected } = before.instances
      expect(theirs).toEqual(JSON.parse(JSON.stringify(expected)))
      expect({ ...view, instances: null }).toEqual(JSON.parse(JSON.stringify({ ...before, instances: null })))
      expect((await reader.read([home])).entries.some(({ pid }) => pid === ours.pid)).toBe(
        '54321' in before.instances,
      )
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  )
})
