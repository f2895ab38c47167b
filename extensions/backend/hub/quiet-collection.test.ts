// One collection after each time of use.
import { expect, it } from 'vitest'
import { createQuietCollection } from './quiet-collection.ts'

it('collects once when it is quiet, and again after the next use', () => {
  let nowMs = 0
  let count = 0
  const quiet = createQuietCollection(
    () => {
      count++
    },
    () => nowMs,
  )
  const wait = (ms: number): number => {
    for (const end = nowMs + ms; nowMs < end; nowMs += 500) quiet.tick()
    return count
  }
  expect(wait(60_000)).toBe(1)
  quiet.used(100)
  expect(wait(2_500)).toBe(1)
  quiet.used(100)
  expect(wait(2_500)).toBe(1)
  expect(wait(60_000)).toBe(2)
  quiet.used(8 * 1024 * 1024)
  expect(wait(500)).toBe(3)
})
