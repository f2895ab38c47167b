// What a watch makes of a dashboard's answers and silences, over a clock that the test moves.
import { describe, expect, it } from 'vitest'
import type { Listener } from '../os/process-facts.ts'
import { serenaCommand } from '../serena/serena-process.fixture.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'
import { dashboardCandidates, type NamedByLog } from './dashboard-candidates.ts'
import { type DashboardConnection } from './dashboard-connection.ts'
import type { DashboardStatus, HostRefusal, ProbeOutcome } from './dashboard-facts.ts'
import type { DashboardActions } from './dashboard-service.ts'
import { watchDashboard } from './dashboard-watch.ts'

const listener: Listener = { address: '127.0.0.1', port: 24282, socket: '9' }
const absent = { isAvailable: false, since: '1.0.0', why: 'not in this Serena' } as const

/** A scripted peer: the test says how it answers, and reads what it was asked. */
function peer() {
  let nowMs = 0
  const asked: string[] = []
  const script = {
    result: 'answered' as ProbeOutcome['result'],
    isSerena: true,
    status: { activeProject: null, logIndex: 0 } as DashboardStatus,
    refusal: null as HostRefusal | null,
  }
  const outcome = (what: string): ProbeOutcome => {
    asked.push(what)
    return { atMs: nowMs, tookMs: script.result === 'silent' ? 1_500 : 1, result: script.result }
  }
  const connection: DashboardConnection = {
    identify: () => Promise.resolve({ outcome: outcome('identify'), isSerena: script.isSerena }),
    poll: () =>
      Promise.resolve({
        outcome: outcome('look'),
        status: script.result === 'answered' ? script.status : null,
      }),
    heartbeat: () => Promise.resolve(outcome('heartbeat')),
    overview: () => {
      asked.push('overview')
      return Promise.resolve(absent)
    },
    executions: () => Promise.resolve(absent),
    toolStats: () => Promise.resolve(absent),
    logs: () => Promise.resolve(absent),
    actions: {} as DashboardActions, // not asked here
    hostRefusal: () => script.refusal,
    close: () => undefined,
  }
  const watch = (isNamedByLog: boolean) =>
    watchDashboard({
      connection,
      listener,
      isNamedByLog: () => isNamedByLog,
      now: () => nowMs,
      onChange: () => undefined,
    })
  return { script, asked, watch, pass: (ms: number) => (nowMs += ms) }
}

describe('dashboardCandidates', () => {
  const at = (port: number): Listener => ({ ...listener, port, socket: String(port) })
  it("returns the port in the log, else all but the MCP port, our own port and Serena's fixed ports", () => {
    const ports = [at(8000), at(24224), at(24283), at(25282)]
    const http = serenaCommand({ transport: 'streamable-http' })
    const portsOf = (command: SerenaCommand, byLog: number | null) =>
      dashboardCandidates(ports, command, { port: byLog, address: null }, 25282).map(({ port }) => port)
    expect(portsOf(http, 24283)).toEqual([24283])
    expect(portsOf(http, null)).toEqual([24283])
    expect(portsOf({ ...http, mcpPort: 24283 }, null)).toEqual([8000])
    expect(portsOf(serenaCommand(), null)).toEqual([8000, 24283])
  })

  const candidates = (listeners: readonly Listener[], byLog: NamedByLog, command = serenaCommand()) =>
    dashboardCandidates(listeners, command, byLog, 25282).map(({ address, port }) => `${address} ${port}`)

  it('excludes our own port on our own address only', () => {
    const other = { ...at(25282), address: '127.0.0.2', socket: '2' }
    expect(candidates([at(25282), other], { port: null, address: null })).toEqual(['127.0.0.2 25282'])
  })

  it('prefers the address in the log, else returns both', () => {
    const http = serenaCommand({ transport: 'streamable-http', mcpPort: 24283 })
    const both = [at(24283), { ...at(24283), address: '127.0.0.2', socket: '2' }]
    expect(candidates(both, { port: 24283, address: '127.0.0.2' }, http)).toEqual(['127.0.0.2 24283'])
    expect(candidates(both, { port: 24283, address: 'localhost' }, http)).toHaveLength(2)
  })

  it('returns no socket that cannot be reached from here, and no other one instead', () => {
    for (const unreachable of ['other-network', 'unknown-network', 'shadowed'] as const) {
      const far = { ...at(24283), unreachable }
      expect(candidates([far], { port: null, address: null })).toEqual([])
      expect(candidates([far, at(8000)], { port: 24283, address: null })).toEqual([])
    }
  })
})

describe('watchDashboard', () => {
  it.each([
    ['named by the log', true, null, true],
    ['of a list that lacks 127.0.0.1', false, ['dash.test'], true],
    ['of a list that has 127.0.0.1, not named by the log', false, ['127.0.0.1'], false],
    ['of an empty list, not named by the log', false, [], false],
    ['of an unknown list, not named by the log', false, null, false],
  ])(
    'a dashboard that refuses every host, %s: is reported as refusing %s',
    async (_, isNamed, trusted, isShown) => {
      const { script, watch } = peer()
      script.isSerena = false
      script.refusal = { acceptedHost: null, trusted }
      const watched = watch(isNamed)
      await watched.probe(false)
      expect(watched.knowledge()).toEqual(
        isShown ? expect.objectContaining({ hasAnswered: false, hostRefusal: script.refusal }) : null,
      )
    },
  )

  it('reports the host that a dashboard accepts', async () => {
    const { script, watch } = peer()
    script.refusal = { acceptedHost: 'dash.test', trusted: ['dash.test'] }
    const watched = watch(false)
    await watched.probe(false)
    expect(watched.knowledge()).toMatchObject({ hasAnswered: true, hostRefusal: script.refusal })
  })

  it('ignores probes that could not be sent, and probes again as soon as possible', async () => {
    const { script, watch, pass } = peer()
    const watched = watch(true)
    await watched.probe(false)
    script.result = 'unasked'
    for (let round = 0; round < 5; round++) {
      pass(10_000)
      await watched.probe(false)
    }
    const known = watched.knowledge()
    expect(known?.probes.every(({ result }) => result === 'answered')).toBe(true)
    script.result = 'answered'
    script.status = { activeProject: 'shop', logIndex: 1 }
    await watched.probe(false)
    expect(watched.knowledge()?.status?.activeProject).toBe('shop')
  })

  it('knows nothing about a port that answers and is not a Serena', async () => {
    const { script, watch } = peer()
    script.isSerena = false
    const watched = watch(true)
    await watched.probe(false)
    expect(watched.knowledge()).toBeNull()
  })

  it('knows the port in the log before any answer', async () => {
    const { script, watch } = peer()
    script.result = 'silent'
    const named = watch(true)
    const unnamed = watch(false)
    await Promise.all([named.probe(false), unnamed.probe(false)])
    expect(named.knowledge()).toMatchObject({ provenBy: 'log', hasAnswered: false })
    expect(unnamed.knowledge()).toBeNull()
  })

  it('sends a heartbeat after a miss, and recovers with the next answer', async () => {
    const { script, asked, watch, pass } = peer()
    const watched = watch(false)
    await watched.probe(false)
    expect(asked).toEqual(['identify', 'look', 'overview'])
    script.result = 'silent'
    pass(10_000)
    await watched.probe(false)
    pass(4_500)
    await watched.probe(false)
    expect(asked.slice(3)).toEqual(['look', 'heartbeat'])
    expect(watched.knowledge()).toMatchObject({ provenBy: 'answered', status: { activeProject: null } })
    script.result = 'answered'
    script.status = { activeProject: 'shop', logIndex: 5 }
    pass(4_500)
    await watched.probe(false)
    expect(watched.knowledge()?.status?.activeProject).toBe('shop')
    expect(watched.knowledge()?.probes.at(-1)?.result).toBe('answered')
  })

  it('remembers activity that came too soon after a probe', async () => {
    const { asked, watch, pass } = peer()
    const watched = watch(false)
    await watched.probe(false)
    pass(500)
    const before = asked.length
    expect(await watched.probe(true)).toBe(false)
    expect(asked).toHaveLength(before)
    pass(1_400)
    await watched.probe(false)
    expect(asked[before]).toBe('look')
    const after = asked.length
    pass(1_900)
    expect(await watched.probe(false)).toBe(false)
    expect(asked).toHaveLength(after)
  })

  it('reports an answer only if it is different', async () => {
    const { script, watch, pass } = peer()
    const watched = watch(false)
    const next = (): Promise<boolean> => {
      pass(60_000)
      return watched.probe(false)
    }
    expect(await next()).toBe(true)
    expect(await next()).toBe(false)
    script.status = { activeProject: null, logIndex: 7 }
    expect(await next()).toBe(true)
    expect(await next()).toBe(false)
    script.status = { activeProject: 'shop', logIndex: 7 }
    expect(await next()).toBe(true)
    script.result = 'silent'
    expect([await next(), await next()]).toEqual([true, true])
    script.result = 'answered'
    expect([await next(), await next()]).toEqual([true, false])
  })

  it('drops misses from before a sleep', async () => {
    const { script, watch, pass } = peer()
    const watched = watch(false)
    await watched.probe(false)
    script.result = 'silent'
    pass(10_000)
    await watched.probe(false)
    watched.forgetMisses()
    expect(watched.knowledge()?.probes.every(({ result }) => result === 'answered')).toBe(true)
  })

  it('keeps a bounded number of probes', async () => {
    const { watch, pass } = peer()
    const watched = watch(false)
    for (let i = 0; i < 40; i++) {
      await watched.probe(false)
      pass(10_000)
    }
    expect(watched.knowledge()?.probes.length).toBeLessThanOrEqual(12)
  })
})
