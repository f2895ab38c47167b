// The order of the tabs, their context menu, the counts that filter them, and the command palette.
import { expectNoViolations } from './axe-scan.ts'
import { writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

test('moves tabs with keys and by dragging, pins one from its context menu, and remembers both', async ({
  deck,
}) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 4)
  await page.setViewportSize({ width: 1000, height: 700 })
  await deck.open()
  await expect(deck.tabs()).toHaveText(['All', / - p1$/, / - p2$/, / - p3$/, / - p4$/])
  await deck.tab(/ - p1, dead/).click()
  await page.keyboard.press('Control+Shift+ArrowRight')
  await expect(deck.tabs()).toHaveText(['All', / - p2$/, / - p1$/, / - p3$/, / - p4$/])
  await expect(deck.tab(/ - p1, dead/)).toBeFocused()

  await deck.tab(/ - p4, dead/).dragTo(deck.tab(/ - p2, dead/), { targetPosition: { x: 4, y: 16 } })
  await expect(deck.tabs()).toHaveText(['All', / - p4$/, / - p2$/, / - p1$/, / - p3$/])
  // Dragging does not open the tab.
  await expect(deck.tab(/ - p1, dead/)).toHaveAttribute('aria-selected', 'true')

  await deck.tab(/ - p3, dead/).click({ button: 'right' })
  await expect(page.getByRole('menuitem', { name: 'Process ID' })).toBeVisible()
  await page.getByRole('menuitem', { name: 'Pin tab' }).click()
  const pinned = ['All', / - p3$/, / - p4$/, / - p2$/, / - p1$/]
  await expect(deck.tabs()).toHaveText(pinned)

  // By keyboard: the menu key opens the same menu. A pinned tab is not passed.
  await deck.tab(/ - p4, dead/).click()
  await deck.tab(/ - p4, dead/).dispatchEvent('contextmenu')
  await expect(page.getByRole('menuitem', { name: 'Move tab left' })).toHaveCount(0)
  await page.getByRole('menuitem', { name: 'Move tab right' }).press('Enter')
  await expect(deck.tabs()).toHaveText(['All', / - p3$/, / - p2$/, / - p4$/, / - p1$/])
  await expect(page.getByText(/ - p4 is tab 3 of 4 instances\./)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(deck.tabs()).toHaveText(pinned)
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await page.reload()
  await expect(deck.tabs()).toHaveText(pinned)
  expect(deck.complaints).toEqual([])
})

test('a count filters tabs and cards until it is pressed again', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 2)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(4)
  const zombies = page.getByRole('button', { name: '2 zombies', exact: true })
  await zombies.click()
  await expect(zombies).toHaveAttribute('aria-pressed', 'true')
  await expect(page.locator('.all__row')).toHaveCount(2)
  await expect(deck.tabs()).toHaveCount(3)
  await expect(page.getByText('2 of 3 instances · state:red')).toBeVisible()
  await expectNoViolations(page, 'filtered by a count')
  await zombies.click()
  await expect(page.locator('.all__row')).toHaveCount(3)
  expect(deck.complaints).toEqual([])
})

test('the command palette opens instances and views, and closes with Escape', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 3)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(4)
  await page.keyboard.press('Control+k')
  const search = page.getByRole('combobox', { name: 'Search instances, views and actions' })
  await expect(search).toBeFocused()
  await expectNoViolations(page, 'the command palette')
  await page.keyboard.type('p2 dead')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(deck.tab(/ - p2, dead/)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('history')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'History', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

test('in a narrow window, Enter closes the search and keeps the filter', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 3)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(4)
  await page.keyboard.press('/')
  await page.keyboard.type('p2')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Open search' })).toBeFocused()
  await expect(page.getByLabel('Search instances')).toBeHidden()
  await expect(deck.tabs()).toHaveCount(2)
})
