import { describe, expect, test } from 'vitest'
import { backendMessageSchema } from './window.ts'

const introduction = { url: 'http://127.0.0.1:25282', nonce: 'n', kept: null, canNotify: true }
const list = {
  schema: 1,
  sweptAt: '2026-11-28T08:00:00.000Z',
  serenaHomes: ['/h'],
  instances: [],
  notices: [],
}

describe('the introduction of the backend to the page of its window', () => {
  test('brings the list that the page draws first', () => {
    expect(backendMessageSchema.parse({ ...introduction, list }).list).toEqual(list)
  })

  test.each([
    ['without a list', introduction],
    ['with that of another version', { ...introduction, list: { schema: 99 } }],
    ['with something else', { ...introduction, list: 'soon' }],
  ])('%s it is still valid: the event stream brings the list', (_, message) => {
    const { list: none, ...rest } = backendMessageSchema.parse(message)
    expect(none).toBeUndefined()
    expect(rest).toEqual(introduction)
  })
})
