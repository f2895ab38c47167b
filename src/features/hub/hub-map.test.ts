import { expect, test } from 'vitest'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import { hubMap, mapRows, mapWords } from './hub-map.ts'

const client = (id: string, name: string, rest: Parameters<typeof hubClient>[0] = {}) =>
  hubClient({ id, name, ...rest })
const hub = hubStatus({
  savedBytes: 300e6,
  serenas: [
    hubSerena({
      state: 'running',
      memoryBytes: 300e6,
      clients: [
        client('c1', 'Cursor', { recentCalls: 0, waiting: 2 }),
        client('c2', 'Codex', { recentCalls: 31, running: 1 }),
      ],
    }),
    hubSerena({ id: 's2', project: { name: 'billing', path: null }, clients: [client('c3', 'Codex')] }),
    hubSerena({ id: 's3', state: 'failed', fault: 'It crashed.', project: null }),
  ],
})

test('hubMap joins the clients of one program, and links it with each of its Serenas', () => {
  const { programs, links } = hubMap(hub, [])
  expect(programs.map(({ name, clients, words }) => [name, clients.length, words])).toEqual([
    ['Cursor', 1, 'no calls in 5 min'],
    ['Codex', 2, '6.2 calls/min · 2 sessions'],
  ])
  expect(
    links.map(({ program, serenaId, isBusy, isAsleep }) => [program, serenaId, isBusy, isAsleep]),
  ).toEqual([
    ['Cursor', 's1', true, false],
    ['Codex', 's1', true, false],
    ['Codex', 's2', false, true],
  ])
})

test('the width of a link grows with the calls per minute, up to a limit', () => {
  const widthOf = (recentCalls: number): number | undefined =>
    hubMap(hubStatus({ serenas: [hubSerena({ clients: [client('c1', 'x', { recentCalls })] })] }), [])
      .links[0]?.width
  expect([0, 5, 80, 8_000].map(widthOf)).toEqual([1.5, 3.125, 8, 8])
})

test('programs and Serenas share the height and are centered in it', () => {
  const { programs, serenas, height } = hubMap(hub, [])
  expect(height).toBe(3 * 52)
  expect(serenas.map(({ y }) => y)).toEqual([26, 78, 130])
  expect(programs.map(({ y }) => y)).toEqual([54, 102])
})

test('a Serena says what is queued and what it saves, or why it is not running', () => {
  expect(hubMap(hub, []).serenas.map(({ name, words }) => [name, words])).toEqual([
    ['shop', '1 running, 2 waiting · saves 300 MB'],
    ['billing', 'no memory while asleep'],
    ['NO PROJECT', 'It crashed.'],
  ])
})

test('the map has words and rows', () => {
  const map = hubMap(hub, [])
  expect(mapWords(hub, map)).toBe(
    '3 clients on 3 Serenas · 1 asleep · 6.2 calls/min · 1 running, 2 waiting · 300 MB saved by sharing',
  )
  expect(mapRows(map).slice(1)).toEqual([
    ['shop', 'running', '300 MB', 'Cursor', '/home/ana/shop', '0', '0', '2'],
    ['shop', 'running', '300 MB', 'Codex', '/home/ana/shop', '6.2', '1', '0'],
    ['billing', 'asleep', '', 'Codex', '/home/ana/shop', '', '0', '0'],
    ['NO PROJECT', 'failed', '', '', '', '', '', ''],
  ])
})
