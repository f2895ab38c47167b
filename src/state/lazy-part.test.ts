// A lazily loaded part: loaded once, and again after a failure.
import { expect, it } from 'vitest'
import { createLazyPart } from './lazy-part.ts'

it('loads the part only once', async () => {
  let loads = 0
  const lazy = createLazyPart(async () => {
    loads += 1
    return { name: 'dialogs' }
  })
  expect(lazy.part()).toBeNull()
  await lazy.load()
  await lazy.load()
  expect(lazy.part()).toEqual({ name: 'dialogs' })
  expect(loads).toBe(1)
})

it('rejects on failure and retries on the next call', async () => {
  let isAvailable = false
  const lazy = createLazyPart(async () => {
    if (!isAvailable) throw new TypeError('Failed to fetch')
    return 1
  })
  await expect(lazy.load()).rejects.toThrow('Failed to fetch')
  expect(lazy.part()).toBeNull()
  isAvailable = true
  await lazy.load()
  expect(lazy.part()).toBe(1)
})
