// Instances that are compared with each other, for tests: on one project, of one client, an hour old, never used.
import type { ClientMark } from '../../clients/client-facts.ts'
import type { GroupMember } from './group-facts.ts'

export const MIN = 60_000
export const NOON = new Date(2026, 10, 23, 12).getTime()

export const claude: ClientMark = {
  key: 'boot:10:1',
  hostKey: null,
  isKnown: true,
  program: 'Claude Code',
  label: 'Claude Code in ~/shop',
}
export const cursor: ClientMark = {
  ...claude,
  key: 'boot:11:1',
  program: 'Cursor',
  label: 'Cursor in ~/shop',
}
export const member = (pid: number, change: Partial<GroupMember> = {}): GroupMember => ({
  id: `${pid}-x`,
  title: `${pid} - shop`,
  state: 'live',
  isStdio: true,
  startedAtMs: NOON - 60 * MIN,
  projectRoot: '/w/shop',
  languageServers: [],
  client: claude,
  commandKey: 'serena\0start-mcp-server',
  argumentsKey: '{}',
  lastActivityAtMs: NOON - 60 * MIN + 2_000,
  cpuPercent: 0,
  serenaVersion: null,
  newerSerenaVersion: null,
  running: null,
  ...change,
})
