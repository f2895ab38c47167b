// Configurations as the clients wrote them -> the same with `connect`, and back; nothing else changes.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changeEntries, currentCommand } from './edit-config.ts'
import { type ClientConfig, knownConfigs } from './known-configs.ts'
import { parseConfig } from './parse-config.ts'
import { type EntryCommand, shareableEntries, sharedCommand } from './share-entry.ts'

const PRODUCT = ['/opt/node', '/opt/serena-deck/dist/backend/cli.js'] as const
const CONNECT = [PRODUCT[1], 'connect']
const CONFIGS = knownConfigs({ home: '/h', config: '/c' }, [])
const configOf = (file: string): ClientConfig => {
  const found = CONFIGS.find((one) => one.file === file)
  if (!found) throw new Error(`no such configuration: ${file}`)
  return found
}
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/clients/${name}`, import.meta.url), 'utf8')
const share = (text: string, config: Pick<ClientConfig, 'format' | 'lists'>, project = '/home/me/shop') => {
  const entries = shareableEntries(parseConfig(text, config.format), config, PRODUCT, project)
  const edited = changeEntries(
    text,
    config.format,
    entries.map(({ path, after }) => ({ path, to: after })),
  )
  const back = changeEntries(
    edited,
    config.format,
    entries.map(({ path, before }) => ({ path, to: before })),
  )
  return { entries, edited, back }
}

describe('a file as its client wrote it', () => {
  it.each([
    ['claude-code.json', configOf('/h/.claude.json')],
    ['vscode.json', configOf('/c/Code/User/mcp.json')],
    ['vscode-settings.json', configOf('/c/Code/User/settings.json')],
    ['codex.toml', configOf('/h/.codex/config.toml')],
    ['gemini.json', configOf('/h/.gemini/settings.json')],
  ])('%s starts the same Serena through connect, and is the same after an undo', (name, config) => {
    const text = fixture(name)
    const { entries, edited, back } = share(text, config)
    expect(entries).toHaveLength(1)
    const [{ path, before, after }] = entries as [(typeof entries)[number]]
    expect(after).toEqual({
      command: PRODUCT[0],
      args: [...CONNECT, '--', before.command, ...before.args],
    })
    expect(currentCommand(edited, config.format, path)).toEqual(after)
    expect(parseConfig(back, config.format)).toEqual(parseConfig(text, config.format))
    expect(back).toBe(text)
    // A shared entry is not changed again.
    expect(share(edited, config).entries).toEqual([])
  })

  it('of Claude Code is changed for this project only', () => {
    expect(share(fixture('claude-code.json'), configOf('/h/.claude.json'), '/home/me/other').entries).toEqual(
      [],
    )
  })
})

it.each<[string, EntryCommand, readonly string[] | null]>([
  [
    'uvx',
    { command: 'uvx', args: ['serena', 'start-mcp-server'] },
    ['--', 'uvx', 'serena', 'start-mcp-server'],
  ],
  [
    'wrap, whose flags stay',
    {
      command: 'node',
      args: ['/o/cli.js', 'wrap', '--idle-shutdown-minutes', '5', 'serena', 'start-mcp-server'],
    },
    ['--idle-shutdown-minutes', '5', 'serena', 'start-mcp-server'],
  ],
  [
    'wrap by npx',
    { command: 'npx', args: ['-y', 'serena-deck', 'wrap', '--', 'serena', 'start-mcp-server'] },
    ['--', 'serena', 'start-mcp-server'],
  ],
  [
    'connect',
    { command: 'node', args: ['/o/backend/cli.js', 'connect', '--', 'serena', 'start-mcp-server'] },
    null,
  ],
  ['another program', { command: 'npx', args: ['browser-mcp'] }, null],
  ['another subcommand', { command: 'serena', args: ['project', 'index'] }, null],
  [
    'a server over HTTP',
    { command: 'serena', args: ['start-mcp-server', '--transport', 'streamable-http'] },
    null,
  ],
  ['another machine', { command: 'ssh', args: ['build', 'serena', 'start-mcp-server'] }, null],
])('handles %s', (_, before, words) => {
  expect(sharedCommand(before, PRODUCT)?.args ?? null).toEqual(words && [...CONNECT, ...words])
})

describe('the text', () => {
  const JSON_CONFIG = { format: 'json', lists: [['mcpServers']] } as const
  const TOML_CONFIG = { format: 'toml', lists: [['mcp_servers']] } as const

  it('keeps comments, order, indentation, line ends and the byte order mark', () => {
    const text =
      '\uFEFF// mine\r\n{\r\n\t"theme": "dark", // yes\r\n\t"mcpServers": {\r\n\t\t"serena": { "env": {"T": "s"}, "command": "serena", "args": ["start-mcp-server",] },\r\n\t\t"other": { "command": "x" }\r\n\t}\r\n}\r\n'
    const { edited } = share(text, JSON_CONFIG)
    expect(edited.startsWith('\uFEFF// mine\r\n{\r\n\t"theme": "dark", // yes')).toBe(true)
    expect(edited).toContain('"other": { "command": "x" }')
    expect(edited.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('adds the arguments of an entry that has none', () => {
    const json = '{ "mcpServers": { "s": { "command": "serena-mcp-server" } } }'
    expect(share(json, JSON_CONFIG).entries).toHaveLength(1)
    const toml =
      '# mine\n[mcp_servers.s]\ncommand = "serena-mcp-server" # old\n\n[mcp_servers.s.env]\nT = "s"\n'
    const { edited } = share(toml, TOML_CONFIG)
    expect(edited).toContain('# mine\n')
    expect(edited).toContain('# old\n')
    expect(parseConfig(edited, 'toml')).toEqual({
      mcp_servers: {
        s: { command: PRODUCT[0], args: [...CONNECT, '--', 'serena-mcp-server'], env: { T: 's' } },
      },
    })
  })

  it('is refused if the entry is not a table of its own', () => {
    const toml = 'mcp_servers.s = { command = "serena-mcp-server" }\n'
    expect(() => share(toml, TOML_CONFIG)).toThrow('mcp_servers.s')
  })

  it.each([
    ['disabled', { command: 'serena-mcp-server', disabled: true }],
    ['with a URL', { url: 'http://x' }],
    ['with other types', { command: 'serena-mcp-server', args: [7] }],
  ])('leaves an entry alone that is %s', (_, entry) => {
    expect(share(JSON.stringify({ mcpServers: { s: entry } }), JSON_CONFIG).entries).toEqual([])
  })
})
