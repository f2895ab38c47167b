// An instance as the backend sends it, for tests.
import { type Instance, STATE_COLOUR } from './instance.ts'

export function instance(pid: number, changes: Partial<Instance> = {}): Instance {
  const state = changes.state ?? 'live'
  return {
    id: `${pid}-0123456789ab`,
    pid,
    startedAt: new Date(Date.UTC(2026, 10, 23, 8, 0, pid % 60)).toISOString(),
    port: 24_282,
    title: `${pid} - shop`,
    state,
    colour: STATE_COLOUR[state],
    flags: [],
    verdict: { certainty: 'certain', evidence: ['It answers.'] },
    project: { name: 'shop', path: '/home/ana/shop' },
    context: 'claude-code',
    modes: [],
    transport: 'stdio',
    serenaVersion: '2.1.0',
    owner: { pid: 10, name: 'claude', detail: '/home/ana/shop' },
    memoryBytes: 612_000_000,
    memoryKind: 'pss',
    cpuPercent: 1,
    processCount: 3,
    lastActivityAt: null,
    sources: ['process', 'port', 'dashboard'],
    ...changes,
  }
}
