// The flag that keeps a Serena's own page shut.
import { expect, it } from 'vitest'
import { suppressDashboard } from './suppress-dashboard.ts'

const SHUT = ['--open-web-dashboard', 'false'] as const

it.each([
  [
    ['serena', 'start-mcp-server'],
    ['serena', 'start-mcp-server', ...SHUT],
  ],
  [
    ['uvx', '--from', 'x', 'serena', 'start-mcp-server'],
    ['uvx', '--from', 'x', 'serena', 'start-mcp-server', ...SHUT],
  ],
  [
    ['/opt/serena-mcp-server', '--context', 'agent'],
    ['/opt/serena-mcp-server', '--context', 'agent', ...SHUT],
  ],
  [['serena', 'start-mcp-server', '--open-web-dashboard', 'true'], null],
  [['serena', 'start-mcp-server', '--open-web-dashboard=false'], null],
  [['sh', '-c', 'serena start-mcp-server'], null],
  [['python', 'other.py'], null],
] as const)('%j', (command, expected) => {
  expect(suppressDashboard(command, false)).toEqual(expected)
})

it.each([
  [['serena', 'start-mcp-server', '--open-web-dashboard', 'true', '--project', '.']],
  [['serena', 'start-mcp-server', '--project', '.', '--open-web-dashboard=true']],
] as const)('forced: %j', (command) => {
  expect(suppressDashboard(command, true)).toEqual(['serena', 'start-mcp-server', '--project', '.', ...SHUT])
})
