// Starts are kept once and for ten minutes, and a client that starts far too many does not fill the memory.
import { expect, it } from 'vitest'
import { createSpawnHistory, type RunningStart } from './spawn-history.ts'

const MIN = 60_000
const spawn = (pid: number, startedAtMs: number): RunningStart => ({
  identity: `boot:${pid}:1`,
  clientKey: 'boot:1:1',
  argumentsKey: '{}',
  startedAtMs,
})

it('keeps what has ended for ten minutes, and each start once', () => {
  const history = createSpawnHistory()
  const pids = (): string[] => history.starts().map(({ identity }) => identity.split(':')[1] ?? '')
  history.renew([spawn(1, 0), spawn(2, 9 * MIN)], 9 * MIN)
  history.renew([spawn(2, 9 * MIN)], 9.5 * MIN)
  expect(pids()).toEqual(['1', '2'])
  history.renew([], 11 * MIN)
  expect(pids()).toEqual(['2'])
  history.renew([], 20 * MIN)
  expect(pids()).toEqual([])
})

it('is bounded, and forgets the oldest first', () => {
  const history = createSpawnHistory()
  for (let round = 0; round < 50; round++)
    history.renew(
      Array.from({ length: 100 }, (_, at) => spawn(round * 100 + at, 0)),
      1,
    )
  expect(history.starts()).toHaveLength(2_000)
  expect(history.starts().at(-1)?.identity).toBe('boot:4999:1')
})

it('counts a short start and the next one in the same round as repeated, and a later one as a new start', () => {
  const history = createSpawnHistory()
  const flags = (): string[] =>
    history
      .starts()
      .map(
        (one) =>
          `${one.identity.split(':')[1]}${one.hasEnded ? ' ended' : ''}${one.isRepeated ? ' repeated' : ''}`,
      )
  history.renew([spawn(1, 0)], 1_000)
  history.renew([spawn(2, 3_017)], 4_000)
  expect(flags()).toEqual(['1 ended repeated', '2'])
  history.renew([], 6_000)
  history.renew([spawn(3, 7_000)], 8_000)
  expect(flags()).toEqual(['1 ended repeated', '2 ended', '3'])
  // It had been working, so the next start by its client is not a second attempt.
  history.renew([spawn(4, 60_000)], 61_000)
  expect(flags().at(2)).toBe('3 ended')
})

it('leaves out what a user ends', () => {
  const history = createSpawnHistory()
  history.renew([spawn(1, 0), spawn(2, 0)], 1)
  history.ignore(['boot:1:1'])
  history.renew([spawn(2, 0)], 2)
  expect(history.starts()).toMatchObject([{ identity: 'boot:2:1', hasEnded: false }])
})
