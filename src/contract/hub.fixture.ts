// The state of a hub, for tests.
import type { HubClient, HubSerena, HubStatus } from './hub.ts'

/** Without Serenas. */
export const hubStatus = (changes: Partial<HubStatus> = {}): HubStatus => ({
  schema: 1,
  pid: 900,
  release: '0.1.0',
  startedAt: '2026-11-23T08:00:00.000Z',
  httpUrl: null,
  serenas: [],
  savedBytes: null,
  ...changes,
})

/** Asleep, without clients. */
export const hubSerena = (changes: Partial<HubSerena> = {}): HubSerena => ({
  id: 's1',
  pid: null,
  state: 'asleep',
  project: { name: 'shop', path: '/home/ana/shop' },
  context: 'claude-code',
  modes: [],
  serenaHome: '/home/ana/.serena',
  privateBecause: null,
  idleShutdownMinutes: 30,
  memoryBytes: null,
  crashes: 0,
  fault: null,
  clients: [],
  ...changes,
})

/** Connected, without calls. */
export const hubClient = (changes: Partial<HubClient> = {}): HubClient => ({
  id: 'c1',
  pid: null,
  name: 'claude-code',
  folder: '/home/ana/shop',
  connectedAt: '2026-11-23T08:00:00.000Z',
  lastCallAt: null,
  waiting: 0,
  running: 0,
  ...changes,
})
