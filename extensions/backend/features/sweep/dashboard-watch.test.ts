// What a watch makes of a dashboard's answers and silences, over a clock that the test moves.
import { describe, expect, it } from 'vitest'
import type { DashboardLook, Listener, ProbeOutcome, SerenaCommand } from '../../facts.ts'
import type { HostRefusal } from '../../facts-network.ts'
import type { DashboardActions } from '../../services.ts'
import {
  type DashboardConnection,
  dashboardCandidates,
  type NamedByLog,
  watchDashboard,
} from './dashboard-watch.ts'

const listener: Listener = { address: '127.0.0.1', port: 24282, socket: '9' }
const stdio: SerenaCommand = {
  project: null,
  isProjectFromCwd: false,
  context: null,
  modes: [],
  transport: 'stdio',
  mcpPort: null,
  isDashboardEnabled: null,
}
const absent = { isAvailable: false, since: '1.0.0', why: 'not in this Serena' } as const

/** A scripted peer: the test says how it answers, and reads what it was asked. */
function peer() {
  let nowMs = 0
  const asked: string[] = []
  const script = {
    result: 'answered' as ProbeOutcome['result'],
    isSerena: true,
    look: { activeProject: null, logIndex: 0 } as DashboardLook,
    refusal: null as HostRefusal | null,
  }
  const outcome = (what: string): ProbeOutcome => {
    asked.push(what)
    return { atMs: nowMs, tookMs: script.result === 'silent' ? 1_500 : 1, result: script.result }
  }
  const connection: DashboardConnection = {
    identify: () => Promise.resolve({ outcome: outcome('identify'), isSerena: script.isSerena }),
    look: () =>
      Promise.resolve({ outcome: outcome('look'), look: script.result === 'answered' ? script.look : null }),
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
    close: () => Promise.resolve(),
  }
  const watch = (isNamedByLog: boolean) =>
    watchDashboard({
      connection,
      listener,
      isNamedByLog: () => isNamedByLog,
      now: () => nowMs,
      onNews: () => undefined,
    })
  return { script, asked, watch, pass: (ms: number) => (nowMs += ms) }
}

describe('dashboardCandidates', () => {
  const at = (port: number): Listener => ({ ...listener, port, socket: String(port) })
  it("takes the port that the log names, else all but the MCP port, our own and Serena's fixed ones", () => {
    const ports = [at(8000), at(24224), at(24283), at(25282)]
    const http = { ...stdio, transport: 'streamable-http' }
    const portsOf = (command: SerenaCommand, byLog: number | null) =>
      dashboardCandidates(ports, command, { port: byLog, address: null }, 25282).map(({ port }) => port)
    expect(portsOf(http, 24283)).toEqual([24283])
    expect(portsOf(http, null)).toEqual([24283])
    expect(portsOf({ ...http, mcpPort: 24283 }, null)).toEqual([8000])
    expect(portsOf(stdio, null)).toEqual([8000, 24283])
  })

  const candidates = (listeners: readonly Listener[], byLog: NamedByLog, command = stdio) =>
    dashboardCandidates(listeners, command, byLog, 25282).map(({ address, port }) => `${address} ${port}`)

  it('takes our own port for ours on our own address only', () => {
    const other = { ...at(25282), address: '127.0.0.2', socket: '2' }
    expect(candidates([at(25282), other], { port: null, address: null })).toEqual(['127.0.0.2 25282'])
  })

  it('of two addresses with the port that the log names takes the one whose address it names, else both', () => {
    const http = { ...stdio, transport: 'streamable-http', mcpPort: 24283 }
    const both = [at(24283), { ...at(24283), address: '127.0.0.2', socket: '2' }]
    expect(candidates(both, { port: 24283, address: '127.0.0.2' }, http)).toEqual(['127.0.0.2 24283'])
    expect(candidates(both, { port: 24283, address: 'localhost' }, http)).toHaveLength(2)
  })

  it('never takes a socket to which no connection from here leads, nor another one in its place', () => {
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
  ])('one that refuses every host, %s: is shown as refusing %s', async (_, isNamed, trusted, isShown) => {
    const { script, watch } = peer()
    script.isSerena = false
    script.refusal = { acceptedHost: null, trusted }
    const watched = watch(isNamed)
    await watched.probe(false)
    expect(watched.knowledge()).toEqual(
      isShown ? expect.objectContaining({ hasAnswered: false, hostRefusal: script.refusal }) : null,
    )
  })

  it('one that accepts another host is a Serena like any other, and says which host', async () => {
    const { script, watch } = peer()
    script.refusal = { acceptedHost: 'dash.test', trusted: ['dash.test'] }
    const watched = watch(false)
    await watched.probe(false)
    expect(watched.knowledge()).toMatchObject({ hasAnswered: true, hostRefusal: script.refusal })
  })

  it('counts nothing against a dashboard that could not be asked, and asks it as soon as that is possible', async () => {
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
    script.look = { activeProject: 'shop', logIndex: 1 }
    await watched.probe(false)
    expect(watched.knowledge()?.look?.activeProject).toBe('shop')
  })

  it('knows nothing of a port that answers and is no Serena', async () => {
    const { script, watch } = peer()
    script.isSerena = false
    const watched = watch(true)
    await watched.probe(false)
    expect(watched.knowledge()).toBeNull()
  })

  it('tells from the log alone which port should answer, and from no answer nothing', async () => {
    const { script, watch } = peer()
    script.result = 'silent'
    const named = watch(true)
    const unnamed = watch(false)
    await Promise.all([named.probe(false), unnamed.probe(false)])
    expect(named.knowledge()).toMatchObject({ provenBy: 'log', hasAnswered: false })
    expect(unnamed.knowledge()).toBeNull()
  })

  it('asks for the heartbeat after a miss, and recovers with the next answer', async () => {
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
    expect(watched.knowledge()).toMatchObject({ provenBy: 'answered', look: { activeProject: null } })
    script.result = 'answered'
    script.look = { activeProject: 'shop', logIndex: 5 }
    pass(4_500)
    await watched.probe(false)
    expect(watched.knowledge()?.look?.activeProject).toBe('shop')
    expect(watched.knowledge()?.probes.at(-1)?.result).toBe('answered')
  })

  it('remembers a movement that came too soon after a probe', async () => {
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

  it('tells of an answer only when it says something new', async () => {
    const { script, watch, pass } = peer()
    const watched = watch(false)
    const next = (): Promise<boolean> => {
      pass(60_000)
      return watched.probe(false)
    }
    expect(await next()).toBe(true)
    expect(await next()).toBe(false)
    script.look = { activeProject: null, logIndex: 7 }
    expect(await next()).toBe(true)
    expect(await next()).toBe(false)
    script.look = { activeProject: 'shop', logIndex: 7 }
    expect(await next()).toBe(true)
    script.result = 'silent'
    expect([await next(), await next()]).toEqual([true, true])
    script.result = 'answered'
    expect([await next(), await next()]).toEqual([true, false])
  })

  it('throws away misses of a time when we slept', async () => {
    const { script, watch, pass } = peer()
    const watched = watch(false)
    await watched.probe(false)
    script.result = 'silent'
    pass(10_000)
    await watched.probe(false)
    watched.forgetMisses()
    expect(watched.knowledge()?.probes.every(({ result }) => result === 'answered')).toBe(true)
  })

  it('keeps a bounded history', async () => {
    const { watch, pass } = peer()
    const watched = watch(false)
    for (let i = 0; i < 40; i++) {
      await watched.probe(false)
      pass(10_000)
    }
    expect(watched.knowledge()?.probes.length).toBeLessThanOrEqual(12)
  })
})
