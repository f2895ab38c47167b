import { expect, test } from 'vitest'
import { withoutMarkup } from './without-markup.ts'

test('a name cannot bring a picture or a link into a notice', () => {
  expect(withoutMarkup('42 - <img src="http://x"/> & more: hung')).toBe(
    '42 - ‹img src="http://x"/› & more: hung',
  )
})
