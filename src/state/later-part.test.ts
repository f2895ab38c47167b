// What is loaded later: once, and anew after a failure.
import { expect, it } from 'vitest'
import { createLaterPart } from './later-part.ts'

it('is there once it is loaded, and loaded no second time', async () => {
  let loads = 0
  const later = createLaterPart(async () => {
    loads += 1
    return { name: 'dialogs' }
  })
  expect(later.part()).toBeNull()
  await later.load()
  await later.load()
  expect(later.part()).toEqual({ name: 'dialogs' })
  expect(loads).toBe(1)
})

it('says that it failed, and tries anew when asked again', async () => {
  let isThere = false
  const later = createLaterPart(async () => {
    if (!isThere) throw new TypeError('Failed to fetch')
    return 1
  })
  await expect(later.load()).rejects.toThrow('Failed to fetch')
  expect(later.part()).toBeNull()
  isThere = true
  await later.load()
  expect(later.part()).toBe(1)
})
