import { describe, expect, test } from 'vitest'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import { instance } from '#contract/instance.fixture'
import { createSeenCalls } from './seen-calls.ts'

const at = (lastActivityAt: string | null) => instance(7, { lastActivityAt })
const NONE = { calls: 0, isCounted: false }
const ONE = { calls: 1, isCounted: false }

describe('an instance that the hub does not run', () => {
  test('counts one when its log was written since the scan before', () => {
    const seen = createSeenCalls()
    expect(seen.take(at('2026-11-23T09:00:00.000Z'), null)).toEqual(NONE)
    expect(seen.take(at('2026-11-23T09:00:00.000Z'), null)).toEqual(NONE)
    expect(seen.take(at('2026-11-23T09:00:07.000Z'), null)).toEqual(ONE)
  })

  test('does not count what its start writes', () => {
    const seen = createSeenCalls()
    seen.take(at('2026-11-23T08:00:08.000Z'), null)
    expect(seen.take(at('2026-11-23T08:00:20.000Z'), null)).toEqual(NONE)
  })

  test('continues under another id', () => {
    const seen = createSeenCalls()
    seen.take(at('2026-11-23T09:00:00.000Z'), null)
    seen.rename(instance(7).id, instance(8).id)
    expect(seen.take(instance(8, { lastActivityAt: '2026-11-23T09:01:00.000Z' }), null)).toEqual(ONE)
  })

  test('is new after it was not listed', () => {
    const seen = createSeenCalls()
    seen.take(at('2026-11-23T09:00:00.000Z'), null)
    seen.retain(new Set())
    expect(seen.take(at('2026-11-23T09:05:00.000Z'), null)).toEqual(NONE)
  })
})

describe('a Serena of the hub', () => {
  const one = instance(7, { hubSerena: 's1' })
  const hubWith = (...calls: (number | undefined)[]) =>
    hubStatus({
      serenas: [
        hubSerena({
          clients: calls.map((count, index) =>
            hubClient({ id: `c${index}`, ...(count !== undefined && { calls: count }) }),
          ),
        }),
      ],
    })

  test('counts the calls of all its clients', () => {
    const seen = createSeenCalls()
    expect(seen.take(one, hubWith(5, 2))).toEqual({ calls: 0, isCounted: true })
    expect(seen.take(one, hubWith(6, 4))).toEqual({ calls: 3, isCounted: true })
  })

  test('ignores a client that has left, and counts all calls of a new one', () => {
    const seen = createSeenCalls()
    seen.take(one, hubWith(5, 2))
    expect(seen.take(one, hubWith(5))).toEqual({ calls: 0, isCounted: true })
    expect(seen.take(one, hubWith(5, 4))).toEqual({ calls: 4, isCounted: true })
  })

  test('falls back to the log with a hub that does not count', () => {
    expect(createSeenCalls().take(one, hubWith(undefined)).isCounted).toBe(false)
  })
})
