// The flags that clients give to a Serena, by format.
import { describe, expect, it } from 'vitest'
import { flagsIn } from './client-flags.ts'
import type { ClientConfig } from './known-configs.ts'
import { parseConfig } from './parse-config.ts'

const JSON_CONFIG = { format: 'json', lists: [['mcpServers']] } as const
const CODEX = { format: 'toml', lists: [['mcp_servers']] } as const

const args = (...more: string[]) => [
  '--from',
  'git+https://github.com/oraios/serena',
  'serena',
  'start-mcp-server',
  ...more,
]
const serena = (...more: string[]) => ({ command: 'uvx', args: args(...more), env: { TOKEN: 'secret' } })
const json = (servers: unknown): string => JSON.stringify({ mcpServers: servers }, null, 2)
const flags = (text: string, config: Pick<ClientConfig, 'format' | 'lists'> = JSON_CONFIG) =>
  flagsIn(text, config, parseConfig).map(({ flag, effect }) => [flag, effect])

const OPENS = [['--open-web-dashboard true', 'opens']]
const CLOSED = [['--open-web-dashboard false', 'stays-closed']]

describe('flagsIn', () => {
  it.each([
    ['true', serena('--open-web-dashboard', 'true'), OPENS],
    ['a value in capitals', serena('--open-web-dashboard', 'True'), OPENS],
    ['a value after an equals sign', serena('--open-web-dashboard=true'), OPENS],
    ['false', serena('--open-web-dashboard', 'false'), CLOSED],
    [
      'a dashboard that is disabled',
      serena('--enable-web-dashboard', 'no'),
      [['--enable-web-dashboard no', 'no-dashboard']],
    ],
    ['a dashboard that is enabled, as by default', serena('--enable-web-dashboard', 'true'), []],
    ['neither flag', serena('--context', 'ide'), []],
    ['the flag twice', serena('--open-web-dashboard', 'true', '--open-web-dashboard', 'false'), CLOSED],
    [
      'a Serena inside of a script',
      { command: 'bash', args: ['-c', 'cd /w && exec serena start-mcp-server --open-web-dashboard "true"'] },
      OPENS,
    ],
    [
      'a Windows path',
      { command: 'C:\\tools\\serena.exe', args: ['start-mcp-server', '--open-web-dashboard', 'true'] },
      OPENS,
    ],
    ['another program', { command: 'other', args: ['--open-web-dashboard', 'true'] }, []],
    [
      'another subcommand of Serena',
      { command: 'serena', args: ['setup', '--open-web-dashboard', 'true'] },
      [],
    ],
  ])('handles %s', (_, entry, expected) => {
    expect(flags(json({ serena: entry }))).toEqual(expected)
  })

  it("does not report a neighbor's flag as Serena's", () => {
    const neighbor = { command: 'npx', args: ['browser-mcp', '--open-web-dashboard', 'true'] }
    expect(flags(json({ serena: { command: 'serena', args: ['start-mcp-server'] }, neighbor }))).toEqual([])
    expect(flags(json({ neighbor, serena: serena('--open-web-dashboard', 'false') }))).toEqual(CLOSED)
  })

  it('reports a flag of several servers once', () => {
    const one = serena('--open-web-dashboard', 'true')
    expect(flags(json({ a: one, b: one }))).toEqual(OPENS)
  })

  it('accepts comments, trailing commas and a byte order mark', () => {
    const text = `// mine\n{ "mcpServers": { "s": { "command": "serena", "args": ["start-mcp-server", /* x */ "--open-web-dashboard", "true",] } } }`
    expect(flags(`\ufeff${text}`)).toEqual(OPENS)
    expect(flags(text.replace('"--open', '// "--open'))).toEqual([])
  })

  it('reads TOML', () => {
    const text = `[mcp_servers.serena]\ncommand = "uvx"\nargs = ["serena", 'start-mcp-server', "--open-web-dashboard", "true"]\n`
    expect(flags(text, CODEX)).toEqual(OPENS)
    expect(flags(text.replace('args', '# args'), CODEX)).toEqual([])
  })

  it.each([
    ['no JSON', '"""\'\\\\"\u0000', JSON_CONFIG],
    ['a torn file', json({ serena: serena('--open-web-dashboard', 'true') }).slice(0, -4), JSON_CONFIG],
    ['an empty file', '', JSON_CONFIG],
    ['deep nesting', '['.repeat(200_000), JSON_CONFIG],
    ['no TOML', '[mcp_servers', CODEX],
  ])('finds nothing in %s', (_, text, config) => {
    expect(flags(text, config)).toEqual([])
  })

  it('returns nothing but the flag', () => {
    expect(
      JSON.stringify(flagsIn(json({ s: serena('--open-web-dashboard', 'true') }), JSON_CONFIG, parseConfig)),
    ).not.toContain('secret')
  })
})
