import { expect, test } from 'vitest'
import { withoutMarkup } from './without-markup.ts'

test('removes tags, so that a name cannot add an image or a link to a notification', () => {
  expect(withoutMarkup('42 - <img src="http://x"/> & more: hung')).toBe(
    '42 - ‹img src="http://x"/› & more: hung',
  )
})
