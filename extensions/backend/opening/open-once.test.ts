// When the page opens by itself, and when not.
import { describe, expect, it } from 'vitest'
import { createOpenOnce, isOpeningWanted } from './open-once.ts'

describe('isOpeningWanted', () => {
  it.each([
    // The global dashboard, what is said about opening, what the instance itself asked for, the answer.
    [true, true, null, true],
    [true, false, null, false],
    [true, null, null, false],
    [false, true, null, false],
    [true, true, false, true],
    [true, false, true, false],
    [true, null, true, true],
    [true, null, false, false],
    // Serena Deck answers Serena's tray protocol, so it opens what Serena would have opened.
    [false, null, true, true],
    [false, null, false, false],
  ] as const)('global %s, opens %s, asked for %s: %s', (isGlobal, opens, opensViewer, expected) => {
    expect(isOpeningWanted({ rules: { isGlobal, opens }, opensViewer })).toBe(expected)
  })
})

describe('the opener', () => {
  const startedInstance = (instanceId: string) => ({
    instanceId,
    rules: { isGlobal: true, opens: true },
    opensViewer: null,
  })
  function setUp(open: (id: string) => Promise<unknown> = () => Promise.resolve()) {
    const the = { nowMs: 0, isConnected: false, opened: [] as string[], faults: [] as unknown[] }
    const opener = createOpenOnce({
      isPageConnected: () => the.isConnected,
      open(id) {
        the.opened.push(id)
        return open(id)
      },
      nowMs: () => the.nowMs,
      onFault: (error) => the.faults.push(error),
    })
    return { the, opener }
  }

  it('opens once for many instances, again after 20 s, and never while a page is open', () => {
    const { the, opener } = setUp()
    for (const id of ['1', '2', '3']) opener.instanceStarted(startedInstance(id))
    expect(the.opened).toEqual(['1'])
    the.isConnected = true
    the.nowMs = 60_000
    opener.instanceStarted(startedInstance('4'))
    expect(the.opened).toEqual(['1'])
    the.isConnected = false
    opener.instanceStarted(startedInstance('5'))
    expect(the.opened).toEqual(['1', '5'])
  })

  it('opens nothing while the user opens a page', () => {
    const { the, opener } = setUp()
    opener.expectPage()
    the.nowMs = 5_000
    opener.instanceStarted(startedInstance('1'))
    expect(the.opened).toEqual([])
  })

  it('reports a failure, and opens again later', async () => {
    const { the, opener } = setUp(() => Promise.reject(new Error('no browser')))
    opener.instanceStarted(startedInstance('1'))
    await Promise.resolve()
    await Promise.resolve()
    expect(the.faults).toHaveLength(1)
  })
})
