// Keyboard focus is preserved when elements are removed, and after dialogs.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFocusKeeper, type FocusKeeper } from './focus-keeper.ts'

let root: HTMLElement
let keeper: FocusKeeper
beforeEach(() => {
  root = document.createElement('div')
  root.innerHTML =
    '<ul><li><button id="a">a</button></li><li><button id="b">b</button></li></ul><button id="new">new</button>'
  document.body.append(root)
  keeper = createFocusKeeper(root)
})
afterEach(() => {
  keeper.stop()
  root.remove()
})
const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test('moves the focus to the nearest neighbor when the focused element is removed', async () => {
  byId('b').focus()
  byId('b').parentElement?.remove()
  await soon()
  expect(document.activeElement?.id).toBe('a')
  root.querySelector('ul')?.remove()
  await soon()
  expect(document.activeElement?.id).toBe('new')
})

test('does not restore the focus after a click on the background', async () => {
  byId('b').focus()
  byId('b').blur()
  byId('a').parentElement?.remove()
  await soon()
  expect(document.activeElement).toBe(document.body)
})

test('restores the focus to the opener or its nearest remaining neighbor', () => {
  byId('b').focus()
  keeper.remember()
  byId('b').blur()
  keeper.restore()
  expect(document.activeElement?.id).toBe('b')
  keeper.remember()
  byId('b').parentElement?.remove()
  keeper.restore()
  expect(document.activeElement?.id).toBe('a')
})

test('never focuses a tab', async () => {
  byId('a').setAttribute('role', 'tab')
  byId('b').focus()
  byId('b').remove()
  await soon()
  expect(document.activeElement?.id).toBe('new')
})

test('restores the focus to the menu button for a menu item', () => {
  const menu = document.createElement('div')
  menu.innerHTML =
    '<div role="menu" aria-labelledby="new"><div id="item" role="menuitem" tabindex="-1">x</div></div>'
  document.body.append(menu)
  byId('item').focus()
  keeper.remember()
  menu.remove()
  keeper.restore()
  expect(document.activeElement?.id).toBe('new')
})
