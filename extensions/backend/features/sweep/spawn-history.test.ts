// Starts are kept once and for ten minutes, and a client gone wild does not fill the memory.
import { expect, it } from 'vitest'
import type { Spawn } from '../../facts.ts'
import { createSpawnHistory } from './spawn-history.ts'

const MIN = 60_000
const spawn = (pid: number, startedAtMs: number): Spawn => ({
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
