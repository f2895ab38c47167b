import { expect, test } from 'vitest'
import { endOfPath } from './text.tsx'

test('finds the last segment of a path', () => {
  const endOf = (path: string): string => path.slice(endOfPath(path))
  expect(endOf('~/code/shop')).toBe('/shop')
  expect(endOf('/srv/shop/')).toBe('/shop/')
  expect(endOf('C:\\Users\\me\\shop')).toBe('\\shop')
  expect(endOf('shop')).toBe('shop')
  expect(endOf('/')).toBe('/')
  expect(endOf('')).toBe('')
})
