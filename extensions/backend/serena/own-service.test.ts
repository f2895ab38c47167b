import { expect, test } from 'vitest'
import { processFact } from '../os/process-fact.fixture.ts'
import { parseSerenaCommand } from './command-line.ts'
import { ownServiceOf } from './own-service.ts'
import { protectionOf } from './process-tree.ts'

const SERENA = ['serena', 'start-mcp-server', '--context', 'ide']
const CLI = '/opt/serena-deck/dist/backend/cli.js'
const services: [string[], 'hub' | 'connect'][] = [
  [['node', CLI, 'connect', '--', ...SERENA], 'connect'],
  [['/usr/bin/node', '--max-old-space-size=64', CLI, 'connect', ...SERENA], 'connect'],
  [['/opt/node', '/opt/serena-deck/dist/backend/connect.js', '--', ...SERENA], 'connect'],
  [['/usr/local/bin/serena-deck', 'connect', '--', ...SERENA], 'connect'],
  [['C:\\Program Files\\serena-deck.exe', 'connect', '--', ...SERENA], 'connect'],
  [['node', CLI, 'hub', 'run'], 'hub'],
  [['serena-deck hub'], 'hub'],
  [['serena-deck connect'], 'connect'],
  [['/opt/node', '/opt/serena-deck/dist/backend/hub.js'], 'hub'],
  [['/opt/node', '/opt/serena-deck/dist/backend/connect.cjs', '--', ...SERENA], 'connect'],
]

test.each(services)('%j is no Serena, and is never signaled', (argv, service) => {
  const fact = processFact({ pid: 50, argv })
  expect(ownServiceOf(fact)).toBe(service)
  expect(parseSerenaCommand(argv)).toBe(null)
  expect(protectionOf(fact, { ownPid: 20, ownUid: 1000 }, new Set())).toMatch(/hub of Serena Deck/)
})

test.each([
  ['npx', 'serena-deck', 'connect', '--', ...SERENA],
  ['npm exec serena-deck connect -- serena start-mcp-server'],
  ['sh', '-c', `serena-deck connect -- ${SERENA.join(' ')}`],
  ['cmd', '/c', 'serena-deck', 'connect', '--', ...SERENA],
])('%j is no launcher of a Serena: the hub runs that one', (...argv) => {
  expect(parseSerenaCommand(argv)).toBe(null)
})

test.each([
  [['node', CLI, 'wrap', '--', ...SERENA]],
  [['node', '/srv/app/index.js', 'hub']],
  [['hub', 'connect']],
  [['docker', 'hub']],
])('%j is another program', (argv) => {
  const fact = processFact({ pid: 50, argv })
  expect(ownServiceOf(fact)).toBe(null)
  expect(protectionOf(fact, { ownPid: 20, ownUid: 1000 }, new Set())).toBe(null)
})
