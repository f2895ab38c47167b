// Nothing that keeps somebody out, in the places that the tests of single features do not open: axe, two sizes, both themes.
import { AxeBuilder } from '@axe-core/playwright'
import { writeDeadEntries } from './dead-entries.ts'
import { type DeckPage, expect, test } from './deck-page.ts'

const SIZES = [
  [420, 760],
  [1400, 900],
] as const

async function expectClean(
  { page }: Pick<DeckPage, 'page'>,
  where: string,
  without: string[] = [],
): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const { violations } = await new AxeBuilder({ page }).disableRules(without).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      expect(found, `${where}, ${width} px, ${colorScheme}`).toEqual([])
    }
  }
}

test('the views of All, the sheets, the menus', async ({ deck }) => {
  test.setTimeout(180_000)
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 12)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 5 })
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  for (const view of ['Logs', 'Stats', 'History', 'Table']) {
    await page.getByRole('tab', { name: view, exact: true }).click()
    await expectClean(deck, view)
  }
  const dialog = page.getByRole('dialog')
  await page.keyboard.press('Control+Shift+K')
  await expect(dialog.getByRole('checkbox')).toHaveCount(12)
  await expectClean(deck, 'Kill all zombies')
  await dialog.getByRole('button', { name: 'Remove 12 entries' }).click()
  await expect(dialog.getByText('Removed 12 entries.')).toBeVisible({ timeout: 30_000 })
  await expectClean(deck, 'the receipt')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  // An open menu floats beside every landmark.
  await expectClean(deck, 'Menu', ['region'])
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  await expect(dialog.getByText('web_dashboard_global_port')).toBeVisible()
  await expectClean(deck, 'Settings')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(dialog).toContainText('Ctrl+Shift+K')
  await expectClean(deck, 'Keyboard shortcuts')
  await page.keyboard.press('Escape')
  await page.getByLabel('Search instances').fill('nobody is called that')
  await expectClean(deck, 'no instance fits')
})

test('the list of all instances; nobody there; no key', async ({ deck }) => {
  test.setTimeout(120_000)
  const { page } = deck
  await deck.open()
  await expect(page.getByRole('heading', { name: 'No Serena is running.' })).toBeVisible()
  await expectClean(deck, 'nobody there')
  writeDeadEntries(deck.serenaHome, 30)
  await expect(deck.tab(/ - p30, dead/)).toBeAttached()
  await page.getByRole('button', { name: 'List all 30 instances' }).click()
  await page.getByRole('combobox', { name: 'Search the list' }).fill('p2')
  // Narrower it is gone: the tabs are a list themselves.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  }
  await page.keyboard.press('Escape')
  const bare = await page.context().newPage()
  await bare.goto(new URL(page.url()).origin)
  await expect(bare.getByText('This link has expired.')).toBeVisible()
  await expectClean({ page: bare }, 'no key')
  expect(deck.complaints).toEqual([])
})
