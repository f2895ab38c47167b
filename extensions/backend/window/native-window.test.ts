// The environment of the native window.
import { expect, test } from 'vitest'
import { leanEnvironment } from './native-window.ts'

const NO_OPENGL = {
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  WEBKIT_WEB_RENDER_DEVICE_FILE: '/dev/dri/renderD128',
  GDK_GL: 'disable',
}
const OPENGL_NAMES = 'WEBKIT_DISABLE_DMABUF_RENDERER WEBKIT_WEB_RENDER_DEVICE_FILE GDK_GL'

test('sets the lean settings on Linux, and lists their names', () => {
  expect(leanEnvironment({ LANG: 'C' }, 'linux')).toEqual({
    LANG: 'C',
    MALLOC_TRIM_THRESHOLD_: '131072',
    JSC_useJIT: '0',
    ...NO_OPENGL,
    SERENA_DECK_LEAN: `MALLOC_TRIM_THRESHOLD_ JSC_useJIT ${OPENGL_NAMES}`,
  })
  const own = { JSC_useJIT: '1' }
  expect(leanEnvironment(own, 'darwin')).toEqual(own)
})

test('keeps the settings of the user; sets those for OpenGL all or none', () => {
  expect(leanEnvironment({ JSC_useJIT: '1', MALLOC_TRIM_THRESHOLD_: '1' }, 'linux')).toEqual({
    JSC_useJIT: '1',
    MALLOC_TRIM_THRESHOLD_: '1',
    ...NO_OPENGL,
    SERENA_DECK_LEAN: OPENGL_NAMES,
  })
  const own = { WEBKIT_DISABLE_DMABUF_RENDERER: '0', JSC_useJIT: '1' }
  expect(leanEnvironment(own, 'linux')).toEqual({
    ...own,
    MALLOC_TRIM_THRESHOLD_: '131072',
    SERENA_DECK_LEAN: 'MALLOC_TRIM_THRESHOLD_',
  })
})
