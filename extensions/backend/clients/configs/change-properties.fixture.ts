// The properties of every change: a change of an argument changes only its line, and every change keeps the comments. Run with few configurations
// by change-config.property.test.ts, with thousands by test/long/client-configs.test.ts.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeConfig } from './change-config.ts'
import type { ConfigChange } from './config-change.ts'
import { type GeneratedConfig, generatedConfig, word } from './generated-config.fixture.ts'
import { parseConfig } from './parse-config.ts'
import { valueAt } from './plain-values.ts'

const FORMATS = [
  ['JSON', generatedConfig('json', false)],
  ['JSONC', generatedConfig('json')],
  ['TOML', generatedConfig('toml')],
  ['YAML', generatedConfig('yaml')],
] as const

const linesOf = (text: string): string[] => text.split('\n')
const isHeld = ({ comments }: GeneratedConfig, text: string): boolean =>
  comments.every((comment) => text.split(comment).length === 2)
const pick = <One>(all: readonly One[], at: number): One => {
  const found = all[at % all.length]
  if (found === undefined) throw new Error('nothing to pick')
  return found
}

type Property = (configs: fc.Arbitrary<GeneratedConfig>) => fc.IProperty<unknown>

const isReadAsMeant: Property = (configs) =>
  fc.property(configs, ({ text, format, key, servers }) => {
    const read = JSON.parse(JSON.stringify(valueAt(parseConfig(text, format), [key]))) as typeof servers
    for (const one of Object.values(read)) one.env ??= {}
    expect(read).toEqual(servers)
  })

const changesOneLine: Property = (configs) =>
  fc.property(configs, fc.nat(), fc.nat(), word, (config, at, which, value) => {
    const { text, format, key, servers } = config
    const [name, { args }] = pick(Object.entries(servers), at)
    const path = [key, name, 'args', which % args.length]
    const edited = changeConfig(text, format, [{ kind: 'set', path, value }])
    const [before, after] = [linesOf(text), linesOf(edited)]
    expect(after.length).toBe(before.length)
    const changed = after.filter((line, i) => line !== before[i])
    expect(changed.length).toBe(args[which % args.length] === value ? 0 : 1)
    expect(isHeld(config, edited)).toBe(true)
    expect(valueAt(parseConfig(edited, format), path)).toBe(value)
  })

const keepsOtherBytes: Property = (configs) =>
  fc.property(configs, ({ text, format, key, servers }) => {
    expect(changeConfig(text, format, [])).toBe(text)
    const changes = Object.entries(servers).map(([name, { args, command }]): ConfigChange[] => [
      { kind: 'set', path: [key, name, 'args'], value: args },
      { kind: 'set', path: [key, name, 'command'], value: command },
    ])
    expect(changeConfig(text, format, changes.flat())).toBe(text)
  })

/** A change that adds or replaces. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), end: fc.constant(['args']), value: word }),
  fc.record({ kind: fc.constant('set' as const), end: fc.constant(['new key']), value: word }),
  fc.record({
    kind: fc.constant('set' as const),
    end: fc.constantFrom(['env', 'SERENA_HOME'], ['deep', 'er', 'est']),
    value: fc.oneof(
      word,
      fc.boolean(),
      fc.integer(),
      fc.array(word),
      fc.record({ a: word, b: fc.array(word) }),
    ),
  }),
)
const keepsComments: Property = (configs) =>
  fc.property(configs, fc.nat(), change, (config, at, { kind, end, value }) => {
    const { text, format, key, servers } = config
    const [name] = pick(Object.entries(servers), at)
    const edited = changeConfig(text, format, [{ kind, path: [key, name, ...end], value } as ConfigChange])
    expect(isHeld(config, edited)).toBe(true)
    expect(edited.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
    if (text.includes('\n')) expect(/[^\r]\n/.test(edited)).toBe(/[^\r]\n/.test(text))
  })

const addsAndRemoves: Property = (configs) =>
  fc.property(configs, fc.nat(), fc.array(word, { minLength: 1, maxLength: 4 }), (config, at, words) => {
    const { text, format, key, servers } = config
    const [name, { command, args }] = pick(Object.entries(servers), at)
    const shared = changeConfig(text, format, [
      { kind: 'set', path: [key, name, 'command'], value: '/opt/node' },
      { kind: 'set', path: [key, name, 'args'], value: [...words, command, ...args] },
    ])
    expect(isHeld(config, shared)).toBe(true)
    const added = { command: 'serena', args: ['start-mcp-server'], env: { A: 'b' } }
    const more = changeConfig(shared, format, [{ kind: 'set', path: [key, 'the new one'], value: added }])
    expect(isHeld(config, more)).toBe(true)
    const less = changeConfig(more, format, [{ kind: 'remove', path: [key, 'the new one'] }])
    expect(parseConfig(less, format)).toEqual(parseConfig(shared, format))
  })

const removes: Property = (configs) =>
  fc.property(configs, fc.nat(), fc.nat(), ({ text, format, key, servers }, at, which) => {
    const [name, { args }] = pick(Object.entries(servers), at)
    const paths = [[key, name, 'command'], [key, name, 'args', which % args.length], [key, name], [key]]
    for (const path of paths) {
      const edited = changeConfig(text, format, [{ kind: 'remove', path }])
      if (typeof path.at(-1) === 'string') expect(valueAt(parseConfig(edited, format), path)).toBeUndefined()
      expect(edited.length).toBeLessThan(text.length)
    }
  })

const PROPERTIES: readonly (readonly [title: string, property: Property])[] = [
  ['is read as it was meant', isReadAsMeant],
  ['changes the line of an argument alone', changesOneLine],
  ['keeps every other byte without a change', keepsOtherBytes],
  ['adds and replaces without losing a comment', keepsComments],
  ['puts words before the arguments, adds a server and removes it again', addsAndRemoves],
  ['removes a key, an argument and a whole server', removes],
]

/** Adds the tests, `runs` configurations of each format for each property. */
export function testChanges(runs: number): void {
  describe.each(FORMATS)('%s', (_, configs) => {
    it.each(PROPERTIES)('%s', (_title, propertyOf) => fc.assert(propertyOf(configs), { numRuns: runs }))
  })
}
