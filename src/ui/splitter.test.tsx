import { createSignal } from 'solid-js'
import { render } from 'solid-js/web'
import { expect, test } from 'vitest'
import { Splitter } from './splitter.tsx'

test('changes the width with the arrow keys, within its limits', () => {
  const [px, setPx] = createSignal(320)
  const root = document.body.appendChild(document.createElement('div'))
  const stop = render(
    () => <Splitter label="Width" px={px()} minPx={280} maxPx={400} onChange={setPx} />,
    root,
  )
  const handle = root.querySelector<HTMLElement>('[role=separator]')
  const press = (key: string): string | null | undefined => {
    handle?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    return handle?.getAttribute('aria-valuenow')
  }
  expect(press('ArrowRight')).toBe('336')
  expect(press('ArrowLeft')).toBe('320')
  expect(press('End')).toBe('400')
  expect(press('ArrowRight')).toBe('400')
  expect(press('Home')).toBe('280')
  expect(press('a')).toBe('280')
  stop()
  root.remove()
})
