import { expect, it } from 'vitest'
import { dashboardFlags } from './dashboard-flags.ts'

const OPENS = [['--open-web-dashboard true', 'opens']]
const CLOSED = [['--open-web-dashboard false', 'stays-closed']]
const serena = (...more: string[]): string[] => [
  'uvx',
  '--from',
  'git+https://github.com/oraios/serena',
  'serena',
  'start-mcp-server',
  ...more,
]

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
    ['bash', '-c', 'cd /w && exec serena start-mcp-server --open-web-dashboard "true"'],
    OPENS,
  ],
  ['a Windows path', ['C:\\tools\\serena.exe', 'start-mcp-server', '--open-web-dashboard', 'true'], OPENS],
  ['another program', ['npx', 'browser-mcp', '--open-web-dashboard', 'true'], []],
  ['another subcommand of Serena', ['serena', 'setup', '--open-web-dashboard', 'true'], []],
])('handles %s', (_, argv, expected) => {
  expect(dashboardFlags(argv).map(({ flag, effect }) => [flag, effect])).toEqual(expected)
})
