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
      ask: (about) => {
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

test('asks at once, then after each answer, and only while somebody looks', async () => {
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

test('never asks twice at a time', async () => {
  const { asked, answerWith, dispose } = start()
  answerWith(() => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(1_000)
  const before = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(before)
  dispose()
})

test('another key starts anew, and an answer for the old one is dropped', async () => {
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

test('a failure keeps the last answer beside it, and the next answer clears it', async () => {
  const { polled, answerWith, dispose } = start()
  await vi.advanceTimersByTimeAsync(0)
  answerWith(() => Promise.reject(new Error('x')))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(polled.error()?.message).toBe('This page has a fault.')
  expect(polled.data()).toEqual({ of: 'a' })
  answerWith(() => Promise.resolve({ of: 'again' }))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(polled.error()).toBeNull()
  expect(polled.data()).toEqual({ of: 'again' })
  dispose()
})

test('an answer of an earlier visit is shown at once, with its age, until the new one is there', async () => {
  const memory = new Map([['a', { answer: { of: 'before' }, atMs: 5 }]])
  const { polled, dispose } = createRoot((dispose) => {
    const ask = () => new Promise<{ of: string }>((resolve) => setTimeout(() => resolve({ of: 'now' }), 500))
    const polled = createPolled({ key: () => 'a', isActive: () => true, everyMs: 1_000, ask, memory })
    return { polled, dispose }
  })
  await vi.advanceTimersByTimeAsync(0)
  expect([polled.data(), polled.rememberedAtMs()]).toEqual([{ of: 'before' }, 5])
  await vi.advanceTimersByTimeAsync(500)
  expect([polled.data(), polled.rememberedAtMs()]).toEqual([{ of: 'now' }, null])
  expect(memory.get('a')?.answer).toEqual({ of: 'now' })
  dispose()
})

test('another look at the same key, activity and changes asks nothing anew', async () => {
  const asked: string[] = []
  const { setInstance, polled, dispose } = createRoot((dispose) => {
    const [instance, setInstance] = createSignal({ id: 'a', colour: 'green', memoryBytes: 1 })
    const ask = (about: string) => {
      asked.push(about)
      return Promise.resolve(asked.length)
    }
    const polled = createPolled({
      key: () => instance().id,
      isActive: () => instance().memoryBytes > 0,
      changes: () => instance().colour,
      everyMs: 1_000,
      ask,
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
