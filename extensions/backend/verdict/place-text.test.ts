// A dashboard that cannot be queried from here, as text and in the verdict.
import { describe, expect, it } from 'vitest'
import type { DashboardKnowledge, HostRefusal } from '../dashboards/dashboard-facts.ts'
import type { Listener } from '../os/process-facts.ts'
import { instanceFacts, listener } from './instance-facts.fixture.ts'
import { placeOf } from './place-text.ts'
import { judge } from './verdict.ts'

const dashboardWith = (hostRefusal: HostRefusal, hasAnswered: boolean): DashboardKnowledge => ({
  listener,
  provenBy: hasAnswered ? 'answered' : 'log',
  hasAnswered,
  status: hasAnswered ? { activeProject: 'shop', logIndex: 3 } : null,
  overview: null,
  probes: [{ atMs: 1_000, tookMs: 2, result: 'answered' }],
  hostRefusal,
})

it('names the address, unless it is 127.0.0.1', () => {
  const at = (address: string) => placeOf({ address, port: 24_282 })
  expect([at('127.0.0.1'), at('0.0.0.0')]).toEqual(['port 24282', 'port 24282'])
  expect([at('127.0.0.2'), at('::1'), at('::')]).toEqual(['127.0.0.2:24282', '[::1]:24282', '[::1]:24282'])
})

describe('a socket that cannot be reached from here', () => {
  it.each([
    [
      'other-network',
      /^It listens on 127\.0\.0\.1:24282 in another network namespace\. .+ is not queried\.$/,
    ],
    [
      'unknown-network',
      /^It listens on 127\.0\.0\.1:24282 in a network namespace that cannot be read\. .+ is not queried\.$/,
    ],
    [
      'no-address',
      /^It listens on 127\.0\.0\.1:24282, an address that this machine does not currently have, .+ is not queried\.$/,
    ],
    [
      'shadowed',
      /^It listens on 127\.0\.0\.1:24282, but another socket accepts connections .+ is not queried\.$/,
    ],
  ] as const)('%s: reports no dashboard at any age, with the reason', (unreachable, words) => {
    for (const ageMs of [1_000, 600_000]) {
      const { state, verdict } = judge(instanceFacts({ ageMs, listeners: [{ ...listener, unreachable }] }))
      expect([state, verdict.evidence[0], verdict.evidence[1]]).toEqual([
        'no-dashboard',
        'Process 24284 is running.',
        expect.stringMatching(words),
      ])
    }
  })

  it('is exposed only if its address is in this network namespace', () => {
    const flagsOf = (unreachable: Listener['unreachable']) =>
      judge(
        instanceFacts({
          listeners: [{ ...listener, address: '0.0.0.0', ...(unreachable && { unreachable }) }],
        }),
      ).flags
    expect(flagsOf('other-network')).not.toContain('exposed')
    expect(flagsOf('shadowed')).toContain('exposed')
    expect(flagsOf(undefined)).toContain('exposed')
  })
})

describe('trusted hosts without 127.0.0.1', () => {
  it('reports no dashboard and the key to change if every host is refused', () => {
    for (const ageMs of [1_000, 600_000]) {
      const dashboard = dashboardWith({ acceptedHost: null, trusted: ['dash.test'] }, false)
      expect(judge(instanceFacts({ ageMs, dashboard }))).toMatchObject({
        state: 'no-dashboard',
        verdict: {
          certainty: 'certain',
          evidence: [
            'Its dashboard on port 24282 refuses this machine: its trusted hosts do not include 127.0.0.1.',
            'Add 127.0.0.1 to web_dashboard_trusted_hosts in its serena_config.yml, then restart this Serena.',
            'Process 24284 is running.',
          ],
        },
      })
    }
  })

  it('advises a restart if the list was changed after the start', () => {
    const dashboard = dashboardWith({ acceptedHost: null, trusted: ['127.0.0.1'] }, false)
    expect(judge(instanceFacts({ dashboard })).verdict.evidence[1]).toContain('restart this Serena')
    expect(judge(instanceFacts({ dashboard })).verdict.evidence[1]).not.toContain('Add 127.0.0.1')
  })

  it('is live if it answers to another host of its list', () => {
    const dashboard = dashboardWith({ acceptedHost: 'dash.test', trusted: ['dash.test'] }, true)
    const { state, verdict } = judge(instanceFacts({ dashboard }))
    expect([state, verdict.certainty]).toEqual(['live', 'certain'])
    expect(verdict.evidence.join(' ')).toContain('dash.test')
  })
})
