import { createSignal } from 'solid-js'
import { render } from 'solid-js/web'
import { afterEach, expect, test, vi } from 'vitest'
import { Menu, MenuCheck, MenuChoice, MenuItem } from './menu.tsx'

let stop: () => void
afterEach(() => {
  stop()
  document.body.replaceChildren()
})

const onSelect = vi.fn()
function show(): HTMLButtonElement {
  const [order, setOrder] = createSignal<'age' | 'name'>('age')
  const [isOn, setIsOn] = createSignal(false)
  const root = document.body.appendChild(document.createElement('div'))
  stop = render(
    () => (
      <Menu label="More" class="button" trigger="…">
        <MenuItem onSelect={onSelect}>Refresh</MenuItem>
        <MenuChoice
          label="Order"
          value={order()}
          choices={[
            { value: 'age', label: 'Age' },
            { value: 'name', label: 'Name' },
          ]}
          onChange={setOrder}
        />
        <MenuCheck isChecked={isOn()} onChange={setIsOn}>
          Wrap
        </MenuCheck>
      </Menu>
    ),
    root,
  )
  return root.querySelector('button') as HTMLButtonElement
}
const menu = (): Element | null => document.querySelector('[role=menu]')
const focused = (): string | null | undefined => document.activeElement?.textContent
const press = (key: string): void =>
  void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))

test('opens by keyboard with the focus on the first item, and moves it with keys and letters', () => {
  const button = show()
  button.click()
  expect(button.getAttribute('aria-expanded')).toBe('true')
  expect(focused()).toBe('Refresh')
  press('ArrowDown')
  expect(focused()).toContain('Age')
  press('End')
  expect(focused()).toContain('Wrap')
  press('ArrowDown')
  expect(focused()).toBe('Refresh')
  press('ArrowUp')
  expect(focused()).toContain('Wrap')
  press('n')
  expect(focused()).toContain('Name')
  press('Escape')
  expect(menu()).toBeNull()
  expect(document.activeElement).toBe(button)
})

test('an action finds the focus on the button, with the menu closed', () => {
  const button = show()
  button.click()
  onSelect.mockImplementationOnce(() => {
    expect(menu()).toBeNull()
    expect(document.activeElement).toBe(button)
  })
  ;(document.activeElement as HTMLElement).click()
  expect(onSelect).toHaveBeenCalledOnce()
})

test('choices and checks change while the menu stays open', () => {
  show().click()
  const checked = (): string[] =>
    [...document.querySelectorAll('[aria-checked=true]')].map((one) => one.textContent ?? '')
  expect(checked()).toEqual(['✓Age'])
  document.querySelectorAll<HTMLElement>('[role=menuitemradio]')[1]?.click()
  document.querySelector<HTMLElement>('[role=menuitemcheckbox]')?.click()
  expect(checked()).toEqual(['✓Name', '✓Wrap'])
})

test('a press outside closes it', () => {
  show().click()
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
  expect(menu()).toBeNull()
})
