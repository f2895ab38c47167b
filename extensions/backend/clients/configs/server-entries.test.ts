// The servers in configurations as the clients themselves wrote them: test/fixtures/clients, one file per format.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ClientConfig, knownConfigs } from './known-configs.ts'
import { parseConfig } from './parse-config.ts'
import { serverEntries } from './server-entries.ts'

const CONFIGS = knownConfigs({ home: '/h', config: '/c' }, [])
const configOf = (file: string): ClientConfig => {
  const found = CONFIGS.find((one) => one.file === file)
  if (!found) throw new Error(`no such configuration: ${file}`)
  return found
}
const entriesOf = (fixture: string, config: Pick<ClientConfig, 'format' | 'lists'>) => {
  const url = new URL(`../../../../test/fixtures/clients/${fixture}`, import.meta.url)
  return serverEntries(parseConfig(readFileSync(url, 'utf8'), config.format), config)
}
const IDE = ['serena', 'start-mcp-server', '--context', 'ide', '--project-from-cwd']

describe('serverEntries', () => {
  it.each([
    ['vscode.json', configOf('/c/Code/User/mcp.json')],
    ['vscode-settings.json', configOf('/c/Code/User/settings.json')],
    ['zed.json', configOf('/c/zed/settings.json')],
    ['opencode.jsonc', configOf('/c/opencode/opencode.jsonc')],
    ['cline.json', { format: 'json', lists: [['mcpServers']] } as const],
  ])('reads the server in %s', (fixture, config) => {
    expect(entriesOf(fixture, config)).toEqual([{ name: 'serena', argv: IDE }])
  })

  it("reads the servers of a project in Claude Code's own file", () => {
    expect(entriesOf('claude-code.json', configOf('/h/.claude.json'))).toEqual([
      {
        name: 'serena',
        argv: ['serena', 'start-mcp-server', '--context', 'claude-code', '--project', '/home/me/shop'],
      },
    ])
  })

  it('reads TOML', () => {
    const [entry] = entriesOf('codex.toml', configOf('/h/.codex/config.toml'))
    expect(entry).toMatchObject({ name: 'serena' })
    expect(entry?.argv.slice(0, 2)).toEqual(['serena', 'start-mcp-server'])
  })

  it('ignores a server that is reached by URL', () => {
    expect(entriesOf('gemini-http.json', configOf('/h/.gemini/settings.json'))).toEqual([])
  })

  it.each([
    ['an array of named entries', { mcpServers: [{ name: 'a', command: 'serena' }] }, ['a']],
    ['a disabled entry', { mcpServers: { a: { command: 'serena', disabled: true } } }, []],
    ['an entry that is not enabled', { mcpServers: { a: { command: 'serena', enabled: false } } }, []],
    ['`cmd`, as Goose calls it', { mcpServers: { a: { cmd: 'serena' } } }, ['a']],
    ['a server under another key', { other: { a: { command: 'serena' } } }, []],
    ['values of other types', { mcpServers: { a: null, b: 7, c: { command: 7, args: {} }, d: [] } }, []],
    ['no object at all', 'mcpServers', []],
  ])('handles %s', (_, value, names) => {
    expect(serverEntries(value, { lists: [['mcpServers']] }).map(({ name }) => name)).toEqual(names)
  })
})

it('knows each file once', () => {
  const files = knownConfigs({ home: '/h', config: '/c' }, ['/p', '/q']).map(({ file }) => file)
  expect(files).toContain('/p/.vscode/mcp.json')
  expect(new Set(files).size).toBe(files.length)
})
