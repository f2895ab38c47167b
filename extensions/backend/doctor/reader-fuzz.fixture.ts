// Every reader with texts that no client wrote: torn, mixed, nested, of other types. Run with few of them by reader-fuzz.test.ts, with
// thousands by test/long/client-configs.test.ts.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigClient, ConfigPlace, Surroundings } from '../clients/configs/config-client.ts'
import { CONFIG_CLIENTS } from '../clients/configs/config-clients.ts'
import type { ConfigEntry, ConfigFormat } from '../clients/configs/config-entry.ts'
import { entriesOfFile } from '../clients/configs/entries-of-file.ts'
import { generatedConfig } from '../clients/configs/generated-config.fixture.ts'
import { PARSERS } from '../clients/configs/parse-config.ts'
import type { ParsedConfig } from '../clients/configs/parsed-config.ts'
import { unknownClient } from '../clients/configs/unknown-client.ts'
import { makeHome } from './home.fixture.ts'

const CLIENTS = join(import.meta.dirname, '../../../test/fixtures/clients')
const FORMATS = ['json', 'json5', 'toml', 'yaml'] as const

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort()

/** Texts that have broken parsers before, and the words of all shapes. */
const NASTY = [
  '',
  '\uFEFF',
  '\0',
  '{',
  '[]',
  'null',
  '"',
  '"""',
  "'''",
  '---\n---\n',
  '{"mcpServers":null}',
  '{"mcpServers":{"__proto__":{"command":"x"},"constructor":{"command":"y"}}}',
  '{"mcpServers":{"serena":{"command":["serena",["a"],{},null,7]}}}',
  `{"a":${'['.repeat(60_000)}`,
  `${'['.repeat(60_000)}${']'.repeat(60_000)}`,
  `${'{"mcpServers":'.repeat(20_000)}1`,
  `"${'\\'.repeat(50_000)}`,
  `/*${'*'.repeat(50_000)}`,
  'a: &a [*a]\n',
  'a: &a {b: *a}\nmcpServers: *a\n',
  'x: &x [1,1,1,1,1,1,1,1,1]\ny: &y [*x,*x,*x,*x,*x,*x,*x,*x,*x]\nz: &z [*y,*y,*y,*y,*y,*y,*y,*y,*y]\nmcpServers: [*z,*z,*z,*z,*z,*z,*z]\n',
  'mcpServers: !!binary abc\n',
  'mcpServers:\n  <<: {a: {command: x}}\n',
  `mcpServers:\n${' '.repeat(20_000)}a: b\n`,
  'a = 1979-05-27T07:32:00Z\na = 2\n',
  '[mcp_servers]\n[[mcp_servers]]\n[mcp_servers.a]\n',
  'mcp_servers = [{name = "a", command = "serena"}, 7, "x"]\n',
  `${'a.'.repeat(5_000)}b = 1\n`,
]

const KEYS = [
  ...['mcpServers', 'mcp_servers', 'servers', 'context_servers', 'mcp', 'amp.mcpServers', 'extensions'],
  ...['projects', 'settings', 'mcp.servers', 'experimental', 'server', 'mcp_config', '/home/me/shop'],
  ...['serena', 'command', 'cmd', 'args', 'env', 'envs', 'environment', 'url', 'serverUrl', 'httpUrl', 'uri'],
  ...['type', 'transport', 'headers', 'requestOptions', 'cwd', 'disabled', 'enabled', 'name', 'path', ''],
  ...['allowed', 'excluded', 'security', 'folderTrust', 'disabledMcpServers', 'enabledPlugins', '__proto__'],
]
const WORDS = [
  'serena',
  'start-mcp-server',
  '--project',
  '--context',
  'connect',
  'wrap',
  '--',
  'http://x/mcp',
]

/** Values of any shape, of the keys that the readers know. */
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom<unknown>(null, true, false, 0, -1, 1e300, ...WORDS),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 })), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value

/** A text with parts cut out, doubled and put elsewhere. */
const torn = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      texts,
      fc.array(fc.tuple(fc.nat(3), fc.nat(), fc.nat(40), fc.string({ maxLength: 3 })), { maxLength: 4 }),
    )
    .map(([text, edits]) =>
      edits.reduce((before, [kind, at, length, added]) => {
        const from = at % (before.length + 1)
        const part = before.slice(from, from + length)
        const rest = before.slice(from + length)
        return before.slice(0, from) + [part + part, '', added + part, `${part}\n${part}`][kind] + rest
      }, text),
    )

/** Returns the texts for all readers. */
export function fuzzTexts(): fc.Arbitrary<string> {
  const written = filesBelow(CLIENTS).map((file) => readFileSync(file, 'utf8'))
  const generated = FORMATS.filter((format) => format !== 'json5').map((format) =>
    generatedConfig(format).map(({ text }) => text),
  )
  return fc.oneof(
    { weight: 4, arbitrary: torn(fc.constantFrom(...written)) },
    { weight: 3, arbitrary: torn(fc.oneof(...generated)) },
    { weight: 3, arbitrary: value.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: torn(value.map((one) => JSON.stringify(one, null, 2))) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
  )
}

const HOME = '/home/me'

/** What a reader sees of its surroundings: one folder with one name, and one value in all files. */
const surroundings = (other: unknown): Surroundings => ({
  home: HOME,
  config: `${HOME}/.config`,
  dotConfig: `${HOME}/.config`,
  platform: 'linux',
  env: {},
  projects: [`${HOME}/shop`],
  names: () => ['one.md', 'one.json', 'one.code-workspace', 'Claude_x'],
  value: () => other,
})

const isWord = (one: unknown): boolean => typeof one === 'string'

/** Expects an entry whose types are as its description says. */
function expectEntry({ name, line, command, url, env, enabled, note }: ConfigEntry, lines: number): void {
  expect([typeof name, Number.isInteger(line) && line >= 1 && line <= lines]).toEqual(['string', true])
  expect(command === null ? url !== null : command.length > 0 && command.every(isWord)).toBe(true)
  expect([Object.values(env).every(isWord), [true, false, null].includes(enabled)]).toEqual([true, true])
  expect(note === null || isWord(note)).toBe(true)
}

/** Null: the text is not of that format, which the parser must say with one of two errors. */
function parsedAs(text: string, format: ConfigFormat): ParsedConfig | null {
  try {
    return PARSERS[format](text)
  } catch (error) {
    expect(error instanceof SyntaxError || error instanceof RangeError, String(error)).toBe(true)
    return null
  }
}

/** Every client with each of its kinds of places. */
function readersIn(where: Surroundings): { client: ConfigClient; place: ConfigPlace }[] {
  const clients = [...CONFIG_CLIENTS, ...FORMATS.map((format) => unknownClient(`${HOME}/file.${format}`))]
  return clients.flatMap((client) => client.places(where).map((place) => ({ client, place })))
}

/** Adds the tests, with `runs` texts for each reader. */
export function testReaders(runs: number): void {
  const texts = fuzzTexts()

  describe('a text that no client wrote', () => {
    it(`is read or refused by every reader (${runs})`, () => {
      fc.assert(
        fc.property(texts, value, (text, other) => {
          const lines = text.split('\n').length
          const parsed = new Map(FORMATS.map((format) => [format, parsedAs(text, format)]))
          const where = surroundings(other)
          for (const { client, place } of readersIn(where)) {
            const config = parsed.get(place.format)
            if (!config) continue
            for (const entry of entriesOfFile(client, place, config, where).entries) expectEntry(entry, lines)
          }
        }),
        { numRuns: runs },
      )
    })

    it(`in all files of a home is examined, and changed in none (${Math.ceil(runs / 20)})`, async () => {
      const home = makeHome(SKELETON)
      const files = filesBelow(home.home)
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(texts, { minLength: files.length, maxLength: files.length }),
            async (all) => {
              home.write(
                Object.fromEntries(files.map((file, at) => [file.slice(home.home.length), all[at] ?? ''])),
              )
              const before = stateOf(files)
              const { report } = await home.doctor.report({ project: home.shop })
              expect(Array.isArray(report.findings)).toBe(true)
              expect([filesBelow(home.home), stateOf(files)]).toEqual([files, before])
            },
          ),
          { numRuns: Math.ceil(runs / 20) },
        )
      } finally {
        home.remove()
      }
    })
  })
}

const stateOf = (files: readonly string[]): string[] =>
  files.map((file) => `${statSync(file).mtimeMs} ${statSync(file).size} ${statSync(file).mode}`)

/** One file of each client, and of what it reads besides. */
const SKELETON: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...[
      '.claude.json',
      '.claude/settings.json',
      '.claude/agents/one.md',
      '.claude/plugins/installed_plugins.json',
    ],
    ...['.config/Claude/claude_desktop_config.json', '.config/Claude/Claude Extensions/x/manifest.json'],
    ...['.config/Claude/Claude Extensions Settings/x.json', '.codex/config.toml', '.cursor/mcp.json'],
    ...[
      '.config/Code/User/mcp.json',
      '.config/Code/User/settings.json',
      '.config/Code/User/profiles/p/mcp.json',
    ],
    ...['.gemini/settings.json', '.gemini/trustedFolders.json', '.gemini/extensions/x/gemini-extension.json'],
    ...['.gemini/config/mcp_config.json', '.qwen/settings.json', '.codeium/windsurf/mcp_config.json'],
    ...['.config/zed/settings.json', '.config/opencode/opencode.jsonc', '.config/kilo/kilo.jsonc'],
    ...['.junie/mcp/mcp.json', '.copilot/mcp-config.json', '.cline/data/settings/cline_mcp_settings.json'],
    ...[
      '.continue/config.yaml',
      '.continue/config.json',
      '.continue/mcpServers/x.yaml',
      '.config/goose/config.yaml',
    ],
    ...[
      '.config/amp/settings.json',
      '.kiro/settings/mcp.json',
      '.config/crush/crush.json',
      '.lmstudio/mcp.json',
    ],
    ...['.grok/config.toml', '.factory/mcp.json', '.augment/settings.json', '.mcporter/mcporter.json'],
    ...['.config/mcpm/servers.json', '.kimi/mcp.json', '.vibe/config.toml', '.hermes/config.yaml'],
    ...['.openclaw/openclaw.json', '.serena/serena_config.yml', 'shop/.mcp.json', 'shop/.vscode/mcp.json'],
    ...['shop/a.code-workspace', 'shop/.cursor/mcp.json', 'shop/.roo/mcp.json', 'shop/.codex/config.toml'],
    ...['shop/.serena/project.yml'],
  ].map((file) => [file, '']),
)
