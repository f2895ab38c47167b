// A dashboard that cannot be asked from here, in words and in the verdict.
import { describe, expect, it } from 'vitest'
import type { DashboardKnowledge, InstanceFacts, Listener, SerenaProcess } from '../../facts.ts'
import type { HostRefusal } from '../../facts-network.ts'
import { placeOf } from './place-words.ts'
import { judge } from './verdict.ts'

const listener: Listener = { address: '127.0.0.1', port: 24_282, socket: '77' }
const serena: SerenaProcess = {
  process: {
    identity: 'boot:24284:1',
    pid: 24_284,
    ppid: 1,
    pgid: 24_284,
    sid: 24_284,
    uid: 1000,
    startedAtMs: 0,
    name: 'serena',
    argv: ['serena', 'start-mcp-server'],
    runState: 'S',
    rssBytes: 1,
    cpuMs: 0,
  },
  command: {
    project: null,
    isProjectFromCwd: false,
    context: null,
    modes: [],
    transport: 'stdio',
    mcpPort: null,
    isDashboardEnabled: null,
  },
  wrappers: [],
  descendants: [],
  client: null,
  isLauncherOnly: false,
}
const facts = (change: Partial<InstanceFacts>): InstanceFacts => ({
  serena,
  details: {
    cwd: '/srv',
    environment: {},
    tracerPid: 0,
    isFrozen: false,
    isForeignNamespace: false,
    openLogFiles: [],
  },
  entries: [],
  entryFate: null,
  listeners: [listener],
  dashboard: null,
  ageMs: 600_000,
  nowMs: 600_000,
  monotonicMs: 2_000,
  ownUid: 1000,
  projectByCommand: null,
  ...change,
})
const dashboardWith = (hostRefusal: HostRefusal, hasAnswered: boolean): DashboardKnowledge => ({
  listener,
  provenBy: hasAnswered ? 'answered' : 'log',
  hasAnswered,
  look: hasAnswered ? { activeProject: 'shop', logIndex: 3 } : null,
  overview: null,
  probes: [{ atMs: 1_000, tookMs: 2, result: 'answered' }],
  hostRefusal,
})

it('names a port alone where it is on 127.0.0.1, else the address too', () => {
  const at = (address: string) => placeOf({ address, port: 24_282 })
  expect([at('127.0.0.1'), at('0.0.0.0')]).toEqual(['port 24282', 'port 24282'])
  expect([at('127.0.0.2'), at('::1'), at('::')]).toEqual(['127.0.0.2:24282', '[::1]:24282', '[::1]:24282'])
})

describe('a socket to which no connection from here leads', () => {
  it.each([
    ['other-network', /^It listens on 127\.0\.0\.1:24282 in another network namespace: .+ is not asked\.$/],
    [
      'unknown-network',
      /^It listens on 127\.0\.0\.1:24282 in a network namespace that cannot be read: .+ is not asked\.$/,
    ],
    [
      'no-address',
      /^It listens on 127\.0\.0\.1:24282, an address that this machine does not have now, .+ is not asked\.$/,
    ],
    [
      'shadowed',
      /^It listens on 127\.0\.0\.1:24282, but another socket takes connections .+ is not asked\.$/,
    ],
  ] as const)('%s: no dashboard, whatever its age, with the reason', (unreachable, words) => {
    for (const ageMs of [1_000, 600_000]) {
      const { state, verdict } = judge(facts({ ageMs, listeners: [{ ...listener, unreachable }] }))
      expect([state, verdict.evidence[0], verdict.evidence[1]]).toEqual([
        'no-dashboard',
        'Process 24284 runs.',
        expect.stringMatching(words),
      ])
    }
  })

  it('is exposed only where its address is one of this network', () => {
    const flagsOf = (unreachable: Listener['unreachable']) =>
      judge(facts({ listeners: [{ ...listener, address: '0.0.0.0', ...(unreachable && { unreachable }) }] }))
        .flags
    expect(flagsOf('other-network')).not.toContain('exposed')
    expect(flagsOf('shadowed')).toContain('exposed')
    expect(flagsOf(undefined)).toContain('exposed')
  })
})

describe('trusted hosts that lack 127.0.0.1', () => {
  it('refused by every host: no dashboard, with the one key to change', () => {
    for (const ageMs of [1_000, 600_000]) {
      const dashboard = dashboardWith({ acceptedHost: null, trusted: ['dash.test'] }, false)
      expect(judge(facts({ ageMs, dashboard }))).toMatchObject({
        state: 'no-dashboard',
        verdict: {
          certainty: 'certain',
          evidence: [
            'Its dashboard on port 24282 refuses this machine: its trusted hosts lack 127.0.0.1.',
            'Add 127.0.0.1 to web_dashboard_trusted_hosts in its serena_config.yml, then restart this Serena.',
            'Process 24284 runs.',
          ],
        },
      })
    }
  })

  it('listed by now, but not when it started: only a restart is missing', () => {
    const dashboard = dashboardWith({ acceptedHost: null, trusted: ['127.0.0.1'] }, false)
    expect(judge(facts({ dashboard })).verdict.evidence[1]).toContain('restart this Serena')
    expect(judge(facts({ dashboard })).verdict.evidence[1]).not.toContain('Add 127.0.0.1')
  })

  it('answering to a host of its list it is judged like any other', () => {
    const dashboard = dashboardWith({ acceptedHost: 'dash.test', trusted: ['dash.test'] }, true)
    const { state, verdict } = judge(facts({ dashboard }))
    expect([state, verdict.certainty]).toEqual(['live', 'certain'])
    expect(verdict.evidence.join(' ')).toContain('dash.test')
  })
})
