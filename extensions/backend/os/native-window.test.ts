// What stands in the window's environment.
import { expect, test } from 'vitest'
import { leanEnvironment } from './native-window.ts'

test('lean settings on Linux, those of the person before ours; nothing elsewhere', () => {
  const own = { JSC_useJIT: '1', LANG: 'C' }
  expect(leanEnvironment({}, 'linux')).toEqual({
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    JSC_useJIT: '0',
  })
  expect(leanEnvironment(own, 'linux')).toEqual({ ...own, WEBKIT_DISABLE_DMABUF_RENDERER: '1' })
  expect(leanEnvironment(own, 'darwin')).toEqual(own)
})
