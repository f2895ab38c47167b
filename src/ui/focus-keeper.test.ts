// The keyboard's place is kept when elements go, and after dialogs.
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

test('what has the focus is taken away: its neighbour gets it, then the next one left', async () => {
  byId('b').focus()
  byId('b').parentElement?.remove()
  await soon()
  expect(document.activeElement?.id).toBe('a')
  root.querySelector('ul')?.remove()
  await soon()
  expect(document.activeElement?.id).toBe('new')
})

test('a person who leaves everything is not called back', async () => {
  byId('b').focus()
  byId('b').blur()
  byId('a').parentElement?.remove()
  await soon()
  expect(document.activeElement).toBe(document.body)
})

test('the opener gets the focus back, or who is left beside it', () => {
  byId('b').focus()
  keeper.remember()
  byId('b').blur()
  keeper.giveBack()
  expect(document.activeElement?.id).toBe('b')
  keeper.remember()
  byId('b').parentElement?.remove()
  keeper.giveBack()
  expect(document.activeElement?.id).toBe('a')
})

test('no tab is opened by the way', async () => {
  byId('a').setAttribute('role', 'tab')
  byId('b').focus()
  byId('b').remove()
  await soon()
  expect(document.activeElement?.id).toBe('new')
})

test("an item of a menu stands for the menu's button", () => {
  const menu = document.createElement('div')
  menu.innerHTML =
    '<div role="menu" aria-labelledby="new"><div id="item" role="menuitem" tabindex="-1">x</div></div>'
  document.body.append(menu)
  byId('item').focus()
  keeper.remember()
  menu.remove()
  keeper.giveBack()
  expect(document.activeElement?.id).toBe('new')
})
