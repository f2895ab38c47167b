// Configurations as the clients wrote them -> the same with `connect`, and back; nothing else changes.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changeConfig } from './change-config.ts'
import { commandChange } from './command-change.ts'
import type { ConfigEntry, ConfigFormat } from './config-entry.ts'
import { parseConfig } from './parse-config.ts'
import { valueAt } from './plain-values.ts'
import { readConfigs } from './read-configs.ts'
import { shareableEntries, sharedWords } from './share-entry.ts'

const PRODUCT = ['/opt/node', '/opt/serena-deck/dist/backend/cli.js'] as const
const CONNECT = [...PRODUCT, 'connect']
const CLIENTS = join(import.meta.dirname, '../../../../test/fixtures/clients')
const homes = readdirSync(CLIENTS).flatMap((name) =>
  readdirSync(join(CLIENTS, name)).map((scope) => join(name, scope)),
)

interface Row {
  name: string
  text: string
  entry: ConfigEntry
}

async function readHome(name: string): Promise<Row[]> {
  const home = join(CLIENTS, name)
  const project = join(home, 'shop')
  const projects = existsSync(project) ? [project] : []
  const { entries, files } = await readConfigs({ home, platform: 'linux', projects })
  return entries.map((entry) => ({ name, text: files[0]?.text ?? '', entry }))
}

const rows = (await Promise.all(homes.map(readHome))).flat()
const wordsOf = ({ entry }: Row): readonly string[] | undefined =>
  shareableEntries([entry], PRODUCT, entry.project)[0]?.words
const shareable = rows.filter((row) => wordsOf(row) !== undefined)

/** Gives an entry of that text another command line. */
function withWords(text: string, entry: ConfigEntry, words: readonly string[]): string {
  const value = valueAt(parseConfig(text, entry.format), entry.path)
  return changeConfig(text, entry.format, commandChange(entry, value, words) ?? [])
}

describe('a file as its client wrote it', () => {
  it.each(shareable)('$name starts the same Serena through connect, and is the same after an undo', (row) => {
    const { text, entry } = row
    const before = entry.command ?? []
    const words = wordsOf(row) ?? []
    const wrapAt = before.indexOf('wrap')
    expect(words).toEqual([...CONNECT, ...(wrapAt < 0 ? ['--', ...before] : before.slice(wrapAt + 1))])
    const edited = withWords(text, entry, words)
    const value = valueAt(parseConfig(edited, entry.format), entry.path)
    expect(JSON.stringify(value)).toContain(JSON.stringify(words.slice(1)).slice(1, -1))
    expect(sharedWords(words, PRODUCT)).toBeNull()
    expect(withWords(edited, entry, before)).toBe(text)
  })

  it('is not changed if it has a URL, a command line in one string, or a place that its client does not read', () => {
    const others = rows.filter((row) => wordsOf(row) === undefined).map(({ entry }) => entry)
    expect([shareable.length, others.length]).toEqual([84, 24])
    expect(
      others.filter(
        ({ command, ignored }) => command !== null && command.length > 1 && ignored === undefined,
      ),
    ).toEqual([])
  })
})

const entryOf = (change: Partial<ConfigEntry>): ConfigEntry => ({
  client: 'cursor',
  scope: 'user',
  file: '/h/.cursor/mcp.json',
  format: 'json',
  path: ['mcpServers', 's'],
  name: 's',
  line: 1,
  transport: 'stdio',
  command: ['serena', 'start-mcp-server'],
  url: null,
  env: {},
  cwd: null,
  project: null,
  enabled: true,
  note: null,
  ...change,
})

describe('shareableEntries', () => {
  const count = (change: Partial<ConfigEntry>): number =>
    shareableEntries([entryOf(change)], PRODUCT, '/w/shop').length

  it.each<[string, number, Partial<ConfigEntry>]>([
    ['of the user', 1, {}],
    ['of this project', 1, { project: '/w/shop' }],
    ['of another project', 0, { project: '/w/other' }],
    ['that is switched off', 0, { enabled: false }],
    ['that waits for an approval', 1, { enabled: null, note: 'Not approved yet.' }],
    ['that its client ignores', 0, { ignored: 'In the wrong file.' }],
    ['in the file of another client', 0, { owner: 'claude-code' }],
    ['with a URL', 0, { command: null, url: 'http://x', transport: 'http' }],
  ])('handles an entry %s', (_, expected, change) => {
    expect(count(change)).toBe(expected)
  })
})

it.each<[string, readonly string[], readonly string[] | null]>([
  ['uvx', ['uvx', 'serena', 'start-mcp-server'], ['--', 'uvx', 'serena', 'start-mcp-server']],
  [
    'wrap, whose flags stay',
    ['node', '/o/cli.js', 'wrap', '--idle-shutdown-minutes', '5', 'serena', 'start-mcp-server'],
    ['--idle-shutdown-minutes', '5', 'serena', 'start-mcp-server'],
  ],
  [
    'wrap by npx',
    ['npx', '-y', 'serena-deck', 'wrap', '--', 'serena', 'start-mcp-server'],
    ['--', 'serena', 'start-mcp-server'],
  ],
  ['connect', ['node', '/o/backend/cli.js', 'connect', '--', 'serena', 'start-mcp-server'], null],
  ['another program', ['npx', 'browser-mcp'], null],
  ['another subcommand', ['serena', 'project', 'index'], null],
  ['a server over HTTP', ['serena', 'start-mcp-server', '--transport', 'streamable-http'], null],
  ['another machine', ['ssh', 'build', 'serena', 'start-mcp-server'], null],
])('handles %s', (_, before, words) => {
  expect(sharedWords(before, PRODUCT)).toEqual(words && [...CONNECT, ...words])
})

describe('commandChange', () => {
  const changed = (
    format: ConfigFormat,
    text: string,
    path: ConfigEntry['path'],
    client = 'cursor',
  ): string => withWords(text, entryOf({ client, format, path }), ['node', 'a', 'b'])
  const json = (entry: object): string => JSON.stringify({ s: entry })
  const inJson = (entry: object, client?: string): unknown =>
    (JSON.parse(changed('json', json(entry), ['s'], client)) as { s: unknown }).s

  it.each([
    ['a program with arguments', { command: 'x', args: ['y'] }, { command: 'node', args: ['a', 'b'] }],
    ['a program alone', { command: 'x' }, { command: 'node', args: ['a', 'b'] }],
    ['one list', { command: ['x', 'y'], cwd: '/w' }, { command: ['node', 'a', 'b'], cwd: '/w' }],
    ['a list and arguments', { command: ['x'], args: ['y'] }, { command: ['node', 'a', 'b'] }],
    ['cmd', { cmd: 'x', args: [] }, { cmd: 'node', args: ['a', 'b'] }],
    [
      'a map with its variables',
      { command: { path: 'x', args: ['y'], env: { T: 's' } } },
      { command: { path: 'node', args: ['a', 'b'], env: { T: 's' } } },
    ],
    [
      'a part named transport',
      { transport: { type: 'stdio', command: 'x', args: [] } },
      { transport: { type: 'stdio', command: 'node', args: ['a', 'b'] } },
    ],
  ])('writes %s', (_, before, after) => {
    expect(inJson(before)).toEqual(after)
  })

  it('writes a list for a client that ignores a string', () => {
    expect(inJson({ command: 'x' }, 'opencode')).toEqual({ command: ['node', 'a', 'b'] })
  })

  it('changes nothing in an unknown shape', () => {
    expect([inJson({ run: 'x' }), inJson({ transport: { url: 'u' } })]).toEqual([
      { run: 'x' },
      { transport: { url: 'u' } },
    ])
  })

  it('keeps comments, order, indentation, line ends and the byte order mark', () => {
    const text =
      '\uFEFF// mine\r\n{\r\n\t"theme": "dark", // yes\r\n\t"mcpServers": {\r\n\t\t"serena": { "env": {"T": "s"}, "command": "serena", "args": ["start-mcp-server",] },\r\n\t\t"other": { "command": "x" }\r\n\t}\r\n}\r\n'
    const edited = changed('json', text, ['mcpServers', 'serena'])
    expect(edited.startsWith('\uFEFF// mine\r\n{\r\n\t"theme": "dark", // yes')).toBe(true)
    expect(edited).toContain('"other": { "command": "x" }')
    expect(edited.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('adds the arguments of a table of TOML that has none', () => {
    const toml =
      '# mine\n[mcp_servers.s]\ncommand = "serena-mcp-server" # old\n\n[mcp_servers.s.env]\nT = "s"\n'
    const edited = changed('toml', toml, ['mcp_servers', 's'], 'codex')
    expect(edited).toContain('# mine\n')
    expect(edited).toContain('# old\n')
    expect(parseConfig(edited, 'toml')).toEqual({
      mcp_servers: { s: { command: 'node', args: ['a', 'b'], env: { T: 's' } } },
    })
  })
})
