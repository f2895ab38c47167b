// Whom the hub keeps and whom it drops, with a response and a clock of the test: rows F06 and F07.
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeEventFrames } from '#contract/event-frames'
import type { DeckEvent, InstanceChanges } from '#contract/events'
import { createEventHub, type EventHub } from './event-hub.ts'

const PING = ': ping\n\n'
const MAX_WAITING_BYTES = 2 * 1024 * 1024
const changes: InstanceChanges = {
  sweptAt: 'now',
  changed: [],
  removed: [],
  passed: [],
  notices: [],
  serenaHomes: null,
}
let hub: EventHub
let tell = (): void => undefined

/** A page at the other end: it takes what is written until it is told to stall. */
class Page extends EventEmitter {
  writableLength = 0
  isStalled = false
  isDestroyed = false
  written = ''

  writeHead(): void {}
  write(text: string): boolean {
    this.written += text
    return !this.isStalled
  }
  destroy(): void {
    this.isDestroyed = true
    this.emit('close')
  }
  end(): void {
    this.emit('close')
  }
  drain(): void {
    this.isStalled = false
    this.emit('drain')
  }
  events(): DeckEvent[] {
    const frames = makeEventFrames().push(this.written)
    return frames.map((data) => JSON.parse(data) as DeckEvent)
  }
}

function open(): Page {
  const page = new Page()
  hub.attach(page as unknown as ServerResponse)
  return page
}

beforeEach(() => {
  vi.useFakeTimers()
  hub = createEventHub({
    instances: {
      current: () => ({ schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] }),
      isConfirming: () => false,
      sweep: () => Promise.reject(new Error('not asked here')),
      subscribe(onChanges) {
        tell = () => onChanges(changes)
        return () => undefined
      },
      setVisible: () => undefined,
    },
    ending: { subscribe: () => () => undefined },
    version: '1.2.3',
    now: () => performance.now(),
  })
})
afterEach(() => {
  hub.close()
  vi.useRealTimers()
})

it('F06: drops a page of which more than 2 MiB wait, and no other', () => {
  const [slow, other] = [open(), open()]
  slow.writableLength = MAX_WAITING_BYTES
  tell()
  expect(hub.counts()).toEqual({ readers: 2, dropped: 0 })
  slow.writableLength++
  tell()
  expect([slow.isDestroyed, other.isDestroyed]).toEqual([true, false])
  expect(hub.counts()).toEqual({ readers: 1, dropped: 1 })
})

it('F06: drops a page that has taken nothing for 30 s; what it takes meanwhile begins them anew', () => {
  const page = open()
  page.isStalled = true
  tell()
  vi.advanceTimersByTime(29_000)
  page.drain()
  page.isStalled = true
  tell()
  vi.advanceTimersByTime(30_000)
  tell()
  expect(page.isDestroyed).toBe(false)
  vi.advanceTimersByTime(1)
  tell()
  expect(page.isDestroyed).toBe(true)
  expect(hub.counts()).toEqual({ readers: 0, dropped: 1 })
})

it('F06: drops a stalled page by the pings, when nothing else is to be told', () => {
  const page = open()
  page.isStalled = true
  vi.advanceTimersByTime(60_000)
  expect(page.isDestroyed).toBe(true)
})

it('F06: gives one that comes back a snapshot that is at the last change, and goes on from there', () => {
  tell()
  const first = open()
  tell()
  first.destroy()
  tell()
  tell()
  const second = open()
  tell()
  const numbers = (page: Page) =>
    page.events().map((event) => [event.type, 'sequence' in event ? event.sequence : null])
  expect(numbers(first)).toEqual([
    ['hello', null],
    ['snapshot', 1],
    ['delta', 2],
  ])
  expect(numbers(second)).toEqual([
    ['hello', null],
    ['snapshot', 4],
    ['delta', 5],
  ])
})

// A stopped program is such a page: the system keeps the few bytes of its pings, and nothing waits with us.
it('F07: pings every 15 s, and keeps a page for which nothing waits however long', () => {
  const page = open()
  page.written = ''
  vi.advanceTimersByTime(14_999)
  expect(page.written).toBe('')
  vi.advanceTimersByTime(1)
  expect(page.written).toBe(PING)
  vi.advanceTimersByTime(3_600_000)
  expect(page.written).toBe(PING.repeat(241))
  expect(hub.counts()).toEqual({ readers: 1, dropped: 0 })
  hub.close()
  expect(vi.getTimerCount()).toBe(0)
})
