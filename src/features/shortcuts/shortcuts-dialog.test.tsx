import { afterEach, expect, test, vi } from 'vitest'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import type { PreferenceStore } from '../../state/preferences.ts'
import { makePageKeys } from './page-keys.ts'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'

// The dialog library computes many styles, which is slow in jsdom on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let page: TestPage | undefined
afterEach(() => {
  page?.dispose()
  page = undefined
})

test('lists the shortcuts of a browser, without those of the native window', () => {
  page = renderPage(() => <ShortcutsDialog onClose={() => undefined} />)
  expect(page.text()).toContain('Ctrl+Shift+K')
  expect(page.text()).toContain('Kill all zombies …')
  expect(page.text()).not.toContain('Ctrl+Shift+P')
})

function pressWith(window: PreferenceStore | null) {
  const handlers = {
    openNumbered: vi.fn(() => true),
    killAll: vi.fn(),
    search: vi.fn(),
    help: vi.fn(),
    palette: vi.fn(),
    undo: vi.fn(() => true),
  }
  const onKeyDown = makePageKeys({ ...handlers, window })
  const press = (key: string, init: KeyboardEventInit = {}, target: Element = document.body): boolean => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
    target.addEventListener('keydown', onKeyDown as EventListener, { once: true })
    target.dispatchEvent(event)
    return event.defaultPrevented
  }
  return { ...handlers, press }
}

test('handles its own keys and leaves others to the browser', () => {
  const { press, search, help, killAll, palette, openNumbered } = pressWith(null)
  expect([press('/'), press('?'), press('K', { ctrlKey: true, shiftKey: true })]).toEqual([true, true, true])
  expect(palette).not.toHaveBeenCalled()
  expect(press('k', { metaKey: true })).toBe(true)
  expect(palette).toHaveBeenCalledOnce()
  expect(press('3', { ctrlKey: true })).toBe(true)
  expect([press('x'), press('p', { ctrlKey: true }), press('+', { ctrlKey: true })]).toEqual([
    false,
    false,
    false,
  ])
  expect([search, help, killAll].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1])
  expect(openNumbered).toHaveBeenCalledWith(3)
})

test('leaves plain keys and the undo of typed text to a text field', () => {
  const { press, search, undo } = pressWith(null)
  const field = document.body.appendChild(document.createElement('input'))
  expect(press('z', { ctrlKey: true }, field)).toBe(false)
  expect(undo).not.toHaveBeenCalled()
  expect(press('z', { ctrlKey: true })).toBe(true)
  expect(press('/', {}, field)).toBe(false)
  expect(search).not.toHaveBeenCalled()
  field.remove()
})

test('pins and zooms the native window, within limits', () => {
  const change = vi.fn()
  const preferences = { current: () => ({ isPinned: false, zoomPercent: 200 }), change }
  const { press } = pressWith(preferences as unknown as PreferenceStore)
  press('P', { ctrlKey: true, shiftKey: true })
  press('+', { ctrlKey: true })
  press('-', { ctrlKey: true })
  press('0', { ctrlKey: true })
  expect(change.mock.calls.map(([part]: unknown[]) => part)).toEqual([
    { isPinned: true },
    { zoomPercent: 200 },
    { zoomPercent: 190 },
    { zoomPercent: 100 },
  ])
})
