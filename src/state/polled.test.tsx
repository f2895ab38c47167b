import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPolled } from './polled.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  return createRoot((dispose) => {
    const [key, setKey] = createSignal<string | null>('a')
    const [isActive, setIsActive] = createSignal(true)
    const asked: string[] = []
    let answer: () => Promise<{ of: string }> = () => Promise.resolve({ of: asked.at(-1) ?? '' })
    const polled = createPolled({
      key,
      isActive,
      everyMs: 1_000,
      request: (about) => {
        asked.push(about)
        return answer()
      },
    })
    const answerWith = (next: typeof answer): void => {
      answer = next
    }
    return { dispose, setKey, setIsActive, asked, polled, answerWith }
  })
}

test('polls at once and after each answer, only while active', async () => {
  const { asked, setIsActive, polled, dispose } = start()
  await vi.advanceTimersByTimeAsync(2_500)
  expect(asked).toEqual(['a', 'a', 'a'])
  setIsActive(false)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(3)
  expect(polled.data()).toEqual({ of: 'a' })
  setIsActive(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toHaveLength(4)
  dispose()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(4)
})

test('never sends two requests at once', async () => {
  const { asked, answerWith, dispose } = start()
  answerWith(() => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(1_000)
  const before = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(before)
  dispose()
})

test('starts over for another key and drops answers for the old one', async () => {
  const { polled, setKey, answerWith, dispose } = start()
  let late = (_: { of: string }): void => undefined
  answerWith(() => new Promise((resolve) => (late = resolve)))
  await vi.advanceTimersByTimeAsync(1_000)
  answerWith(() => Promise.resolve({ of: 'b' }))
  setKey('b')
  late({ of: 'late' })
  await vi.advanceTimersByTimeAsync(0)
  expect(polled.data()).toEqual({ of: 'b' })
  setKey(null)
  expect(polled.data()).toBeUndefined()
  dispose()
})

test('keeps the last answer on failure and clears the error on success', async () => {
  const { polled, answerWith, dispose } = start()
  await vi.advanceTimersByTimeAsync(0)
  answerWith(() => Promise.reject(new Error('x')))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(polled.error()?.message).toBe('Internal error in this page.')
  expect(polled.data()).toEqual({ of: 'a' })
  answerWith(() => Promise.resolve({ of: 'again' }))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(polled.error()).toBeNull()
  expect(polled.data()).toEqual({ of: 'again' })
  dispose()
})

test('shows a cached answer with its age until a new one arrives', async () => {
  const cache = new Map([['a', { answer: { of: 'before' }, atMs: 5 }]])
  const { polled, dispose } = createRoot((dispose) => {
    const request = () =>
      new Promise<{ of: string }>((resolve) => setTimeout(() => resolve({ of: 'now' }), 500))
    const polled = createPolled({ key: () => 'a', isActive: () => true, everyMs: 1_000, request, cache })
    return { polled, dispose }
  })
  await vi.advanceTimersByTimeAsync(0)
  expect([polled.data(), polled.cachedAtMs()]).toEqual([{ of: 'before' }, 5])
  await vi.advanceTimersByTimeAsync(500)
  expect([polled.data(), polled.cachedAtMs()]).toEqual([{ of: 'now' }, null])
  expect(cache.get('a')?.answer).toEqual({ of: 'now' })
  dispose()
})

test('does not poll again while key, activity and changes are equal', async () => {
  const asked: string[] = []
  const { setInstance, polled, dispose } = createRoot((dispose) => {
    const [instance, setInstance] = createSignal({ id: 'a', colour: 'green', memoryBytes: 1 })
    const request = (about: string) => {
      asked.push(about)
      return Promise.resolve(asked.length)
    }
    const polled = createPolled({
      key: () => instance().id,
      isActive: () => instance().memoryBytes > 0,
      changes: () => instance().colour,
      everyMs: 1_000,
      request,
    })
    return { setInstance, polled, dispose }
  })
  await vi.advanceTimersByTimeAsync(500)
  setInstance({ id: 'a', colour: 'green', memoryBytes: 2 })
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, polled.data()]).toEqual([['a'], 1])
  setInstance({ id: 'a', colour: 'red', memoryBytes: 2 })
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, polled.data()]).toEqual([['a', 'a'], 2])
  dispose()
})
