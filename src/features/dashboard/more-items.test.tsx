import { createSignal } from 'solid-js'
import { afterEach, expect, test } from 'vitest'
import { instance as makeInstance } from '#contract/instance.fixture'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { MoreItems } from './more-items.tsx'

let page: TestPage
afterEach(() => page.dispose())

test('an item keeps the focus when data of the instance arrives', () => {
  const [instance, setInstance] = createSignal(makeInstance(1))
  page = renderPage(() => <MoreItems instance={instance()} dashboardUrl={null} />, {
    answers: { editors: () => ({ editors: [] }) },
  })
  const item = page.get<HTMLButtonElement>('Process ID')
  item.focus()
  setInstance(makeInstance(1, { memoryBytes: 1 }))
  expect(document.activeElement).toBe(item)
  setInstance(makeInstance(1, { pid: 2 }))
  item.click()
  expect(page.copied.at(-1)).toBe('2')
})
