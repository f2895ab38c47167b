import { expect, test } from 'vitest'
import { shortPath } from './short-path.ts'

test.each([
  ['/home/ana/shop', '~/shop'],
  ['/home/ana', '~'],
  ['/home/anabel/x', '~/x'],
  ['/Users/ana/shop', '~/shop'],
  ['C:\\Users\\ana\\shop', '~\\shop'],
  ['/root', '~'],
  ['/root, since 14:02', '~, since 14:02'],
  ['/rootless/x', '/rootless/x'],
  ['/srv/home/ana', '/srv/home/ana'],
])('shortens %s to %s', (path, short) => {
  expect(shortPath(path)).toBe(short)
})
