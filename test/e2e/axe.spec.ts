// Accessibility of the parts that the feature tests do not open: axe, two sizes, both themes.
import { expectNoViolations, expectNoViolationsInThemes } from './axe-scan.ts'
import { writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

test('axe finds nothing in the sheets and the menus', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 12)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 5 })
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  const dialog = page.getByRole('dialog')
  await page.keyboard.press('Control+Shift+K')
  await expect(dialog.getByRole('checkbox')).toHaveCount(12)
  await expectNoViolationsInThemes(page, 'Kill all zombies')
  await dialog.getByRole('button', { name: 'Remove 12 entries' }).click()
  await expect(dialog.getByText('Removed 12 entries.')).toBeVisible({ timeout: 30_000 })
  await expectNoViolationsInThemes(page, 'the receipt')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  // An open menu is outside every landmark.
  await expectNoViolationsInThemes(page, 'Menu', { without: ['region'] })
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  await expect(dialog.getByText('web_dashboard_global_port')).toBeVisible()
  await expectNoViolationsInThemes(page, 'Settings')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(dialog).toContainText('Ctrl+Shift+K')
  await expectNoViolationsInThemes(page, 'Keyboard shortcuts')
  await page.keyboard.press('Escape')
  await page.getByLabel('Search instances').fill('no such instance')
  await expectNoViolationsInThemes(page, 'no match')
})

test('axe finds nothing in the list of instances, the empty state and the locked page', async ({ deck }) => {
  const { page } = deck
  await deck.open()
  await expect(page.getByRole('heading', { name: 'No Serena instances are running.' })).toBeVisible()
  await expectNoViolationsInThemes(page, 'no instances')
  writeDeadEntries(deck.serenaHome, 30)
  await expect(deck.tab(/ - p30, dead/)).toBeAttached()
  await page.getByRole('button', { name: 'List all 30 instances' }).click()
  await page.getByRole('combobox', { name: 'Search the list' }).fill('p2')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectNoViolations(page, `the list, ${colorScheme}`)
  }
  await page.keyboard.press('Escape')
  const locked = await page.context().newPage()
  await locked.goto(new URL(page.url()).origin)
  await expect(locked.getByText('This link has expired.')).toBeVisible()
  await expectNoViolationsInThemes(locked, 'no key')
  expect(deck.complaints).toEqual([])
})
