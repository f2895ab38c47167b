// Which readers the stream keeps and which it drops, with a response and a clock of the test.
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeEventFrames } from '#contract/event-frames'
import type { DeckEvent, InstanceChanges } from '#contract/events'
import { createEventStream, type EventStream } from './event-stream.ts'

const PING = ': ping\n\n'
const MAX_WAITING_BYTES = 2 * 1024 * 1024
const changes: InstanceChanges = {
  sweptAt: 'now',
  changed: [],
  removed: [],
  handovers: [],
  notices: [],
  serenaHomes: null,
}
let stream: EventStream
let publish = (): void => undefined

/** A reading page: it takes what is written until it stalls. */
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
  stream.attach(page as unknown as ServerResponse)
  return page
}

beforeEach(() => {
  vi.useFakeTimers()
  stream = createEventStream({
    instances: {
      current: () => ({ schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] }),
      isConfirming: () => false,
      sweep: () => Promise.reject(new Error('not asked here')),
      subscribe(onChanges) {
        publish = () => onChanges(changes)
        return () => undefined
      },
      setVisible: () => undefined,
    },
    ending: { subscribe: () => () => undefined },
    hub: { current: () => null, subscribe: () => () => undefined },
    version: '1.2.3',
    now: () => performance.now(),
  })
})
afterEach(() => {
  stream.close()
  vi.useRealTimers()
})

it('drops a page of which more than 2 MiB wait, and no other', () => {
  const [slow, other] = [open(), open()]
  slow.writableLength = MAX_WAITING_BYTES
  publish()
  expect(stream.counts()).toEqual({ readers: 2, dropped: 0 })
  slow.writableLength++
  publish()
  expect([slow.isDestroyed, other.isDestroyed]).toEqual([true, false])
  expect(stream.counts()).toEqual({ readers: 1, dropped: 1 })
})

it('drops a page that has read nothing for 30 s; each read restarts the 30 s', () => {
  const page = open()
  page.isStalled = true
  publish()
  vi.advanceTimersByTime(29_000)
  page.drain()
  page.isStalled = true
  publish()
  vi.advanceTimersByTime(30_000)
  publish()
  expect(page.isDestroyed).toBe(false)
  vi.advanceTimersByTime(1)
  publish()
  expect(page.isDestroyed).toBe(true)
  expect(stream.counts()).toEqual({ readers: 0, dropped: 1 })
})

it('drops a stalled page by the pings, if there are no other events', () => {
  const page = open()
  page.isStalled = true
  vi.advanceTimersByTime(60_000)
  expect(page.isDestroyed).toBe(true)
})

it('gives a page that reconnects a snapshot with the last change, and continues from there', () => {
  publish()
  const first = open()
  publish()
  first.destroy()
  publish()
  publish()
  const second = open()
  publish()
  const numbers = (page: Page) =>
    page.events().map((event) => [event.type, 'sequence' in event ? event.sequence : null])
  expect(numbers(first)).toEqual([
    ['hello', null],
    ['snapshot', 1],
    ['hub', null],
    ['delta', 2],
  ])
  expect(numbers(second)).toEqual([
    ['hello', null],
    ['snapshot', 4],
    ['hub', null],
    ['delta', 5],
  ])
})

// A stopped program is such a page: the system keeps the few bytes of its pings, and nothing waits with us.
it('pings every 15 s, and keeps a page without waiting data for any time', () => {
  const page = open()
  page.written = ''
  vi.advanceTimersByTime(14_999)
  expect(page.written).toBe('')
  vi.advanceTimersByTime(1)
  expect(page.written).toBe(PING)
  vi.advanceTimersByTime(3_600_000)
  expect(page.written).toBe(PING.repeat(241))
  expect(stream.counts()).toEqual({ readers: 1, dropped: 0 })
  stream.close()
  expect(vi.getTimerCount()).toBe(0)
})
