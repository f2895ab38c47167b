import { expect, test } from 'vitest'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import { measuredStatus } from './measured-status.ts'
import { statusChanges } from './status-changes.ts'

const running = hubSerena({ state: 'running', pid: 7 })
const eventsOf = (before: Parameters<typeof hubSerena>[0] | null, after: Parameters<typeof hubSerena>[0]) =>
  statusChanges(
    hubStatus({ serenas: before === null ? [] : [hubSerena(before)] }),
    hubStatus({ serenas: [hubSerena(after)] }),
  ).map(({ event, client }) => (client ? `${event} ${client.id}` : event))

const [first, second] = [hubClient(), hubClient({ id: 'c2' })]
test.each([
  ['a client of a new Serena', null, { clients: [first] }, ['joined c1']],
  ['a second client', { clients: [first] }, { clients: [first, second] }, ['joined c2']],
  ['a client that leaves', { clients: [first, second] }, { clients: [second] }, ['left c1']],
  ['the idle time', running, {}, ['slept']],
  ['a call', {}, running, ['woke']],
  ['a call that is about to start it', {}, { state: 'starting' as const }, []],
  ['a first start', { state: 'stopped' as const }, running, []],
  ['a crash', running, { state: 'starting' as const, crashes: 1 }, ['crashed']],
  [
    'a restart',
    { state: 'starting' as const, crashes: 1 },
    { ...running, pid: 8, crashes: 1 },
    ['restarted'],
  ],
  ['a crash and a restart', running, { ...running, pid: 8, crashes: 1 }, ['crashed', 'restarted']],
  ['a restart by the user', running, { ...running, pid: 8 }, []],
  ['nothing', running, running, []],
])('reports %s', (_, before, after, events) => {
  expect(eventsOf(before, after)).toEqual(events)
})

test('reports the clients of a Serena that is no longer listed', () => {
  const before = hubStatus({ serenas: [hubSerena({ clients: [first] })] })
  expect(statusChanges(before, hubStatus())).toMatchObject([{ event: 'left', client: first }])
})

test('reports nothing about a hub that starts, exits or is replaced', () => {
  const hub = hubStatus({ serenas: [hubSerena({ clients: [first] })] })
  expect([
    ...statusChanges(null, hub),
    ...statusChanges(hub, null),
    ...statusChanges(hub, { ...hub, pid: 1, serenas: [] }),
  ]).toEqual([])
})

test('measures each running Serena, and the additional memory of separate ones', () => {
  const status = hubStatus({ serenas: [{ ...running, clients: [first, second] }, hubSerena({ id: 's2' })] })
  const instances = [
    { hubSerena: 's2', pid: null, memoryBytes: null },
    { hubSerena: 's1', pid: 7, memoryBytes: 300 },
  ]
  const { serenas, savedBytes } = measuredStatus(status, instances)
  expect(serenas.map(({ memoryBytes }) => memoryBytes)).toEqual([300, null])
  expect(savedBytes).toBe(300)
  expect(measuredStatus(status, []).savedBytes).toBe(null)
})
