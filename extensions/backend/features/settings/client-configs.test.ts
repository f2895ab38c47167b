// The flags that clients give to a Serena, in every format they keep them in.
import { describe, expect, it } from 'vitest'
import { flagsIn, knownConfigs } from './client-configs.ts'

const args = (...more: string[]) => [
  '--from',
  'git+https://github.com/oraios/serena',
  'serena',
  'start-mcp-server',
  ...more,
]
const json = (value: unknown) => JSON.stringify(value, null, 2)
const server = (list: string[]) =>
  json({ mcpServers: { serena: { command: 'uvx', args: list, env: { TOKEN: 'secret' } } } })

describe('flagsIn', () => {
  it.each([
    ['true opens', server(args('--open-web-dashboard', 'true')), [['--open-web-dashboard true', 'opens']]],
    ['True opens', server(args('--open-web-dashboard', 'True')), [['--open-web-dashboard true', 'opens']]],
    ['joined', server(args('--open-web-dashboard=true')), [['--open-web-dashboard true', 'opens']]],
    [
      'false stays closed',
      server(args('--open-web-dashboard', 'false')),
      [['--open-web-dashboard false', 'stays-closed']],
    ],
    [
      'no dashboard',
      server(args('--enable-web-dashboard', 'false')),
      [['--enable-web-dashboard false', 'no-dashboard']],
    ],
    ['nothing said', server(args('--context', 'ide')), []],
    ['a dashboard, as by default', server(args('--enable-web-dashboard', 'true')), []],
    [
      'comments',
      `// mine\n{ "servers": { "s": { "args": ["/opt/bin/serena", "start-mcp-server", /* x */ "--open-web-dashboard", "true",] } } }`,
      [['--open-web-dashboard true', 'opens']],
    ],
    [
      'TOML',
      `[mcp_servers.serena]\ncommand = "uvx"\nargs = ["serena", 'start-mcp-server', "--open-web-dashboard", "true"]\n`,
      [['--open-web-dashboard true', 'opens']],
    ],
    [
      'Windows',
      server(['C:\\tools\\serena.exe', 'start-mcp-server', '--open-web-dashboard', 'true']),
      [['--open-web-dashboard true', 'opens']],
    ],
    ["another program's", json({ x: { command: 'other', args: ['--open-web-dashboard', 'true'] } }), []],
    [
      'two servers',
      server(args('--open-web-dashboard', 'true')) + server(args('--open-web-dashboard', 'true')),
      [['--open-web-dashboard true', 'opens']],
    ],
    ['nonsense', '"""\'\\\\"\u0000', []],
  ])('%s', (_, text, expected) => {
    expect(flagsIn(text).map(({ flag, effect }) => [flag, effect])).toEqual(expected)
  })

  it('tells nothing but the flag', () => {
    expect(JSON.stringify(flagsIn(server(args('--open-web-dashboard', 'true'))))).not.toContain('secret')
  })
})

it('knows the places of a user and of each project', () => {
  const files = knownConfigs({ home: '/h', config: '/h/.config' }, ['/p']).map(({ file }) => file)
  expect(files).toContain('/h/.claude.json')
  expect(files).toContain('/p/.vscode/mcp.json')
  expect(new Set(files).size).toBe(files.length)
})
