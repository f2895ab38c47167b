// So many instances that only those near to where one looks are drawn: dead entries, for sixty programs would take a minute.
import { AxeBuilder } from '@axe-core/playwright'
import { FIRST_DEAD, writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

const COUNT = 60

const last = `${FIRST_DEAD + COUNT} - p${COUNT}, dead`

for (const [width, next, previous] of [
  [420, 'ArrowDown', 'ArrowUp'],
  [1000, 'ArrowRight', 'ArrowLeft'],
] as const)
  test(`${COUNT} tabs at ${width} px: some are drawn, keys and search reach all`, async ({ deck }) => {
    const { page } = deck
    writeDeadEntries(deck.serenaHome, COUNT)
    await page.setViewportSize({ width, height: 800 })
    await deck.open()
    const all = deck.tab('All')
    await expect(all).toHaveAttribute('aria-setsize', String(COUNT + 1))
    expect(await deck.tabs().count()).toBeLessThan(COUNT)

    await all.focus()
    await page.keyboard.press('End')
    await expect(deck.tab(last)).toBeFocused()
    await expect(deck.tab(last)).toHaveAttribute('aria-selected', 'true')
    await expect(deck.tab(last)).toHaveAttribute('aria-posinset', String(COUNT + 1))
    await expect(deck.tab(last)).toBeInViewport()
    await expect(page.getByRole('heading', { name: `p${COUNT}` })).toBeVisible()
    await page.keyboard.press(next)
    await expect(all).toBeFocused()
    await page.keyboard.press(previous)
    await expect(deck.tab(last)).toBeFocused()
    await page.keyboard.press('Home')
    await expect(all).toHaveAttribute('aria-selected', 'true')
    for (let presses = 0; presses < 25; presses += 1) await page.keyboard.press(next)
    await expect(deck.tab(/ - p25, dead/)).toBeFocused()
    await expect(deck.tab(/ - p25, dead/)).toBeInViewport()

    await page.keyboard.press('/')
    await page.keyboard.type('p58')
    await expect(deck.tab(/ - p58, dead/)).toBeVisible()
    await page.keyboard.press('Escape')

    // Far from the open tab, which stays drawn, the others come as they are scrolled to.
    await deck.tabs().last().scrollIntoViewIfNeeded()
    const list = page.getByRole('tablist', { name: 'Serena instances' })
    // Tabs that are wider than was thought move the end away once they are drawn.
    await expect(async () => {
      await list.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight))
      await expect(deck.tab(last)).toBeInViewport({ timeout: 500 })
    }).toPass()
    await expect(deck.tab(/ - p25, dead/)).toHaveCount(1)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    expect(deck.complaints).toEqual([])
  })

for (const width of [420, 1000])
  test(`${COUNT} rows at ${width} px: drawn as they are scrolled to, each knows its place, groups too`, async ({
    deck,
  }) => {
    const { page } = deck
    writeDeadEntries(deck.serenaHome, COUNT)
    await page.setViewportSize({ width, height: 600 })
    await deck.open()
    const rows = page.locator('.all__row')
    await expect(rows.first()).toBeVisible()
    await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', String(COUNT + 2))
    await expect.poll(() => rows.count()).toBeLessThan(COUNT)
    // The table scrolls, not the page around it.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(600)
    const scrolled = page.locator('.all')
    // Rows that are higher than was thought move the end away once they are drawn.
    const untilLast = (place: number) =>
      expect(async () => {
        await scrolled.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        await expect(page.locator(`.all__row[aria-rowindex="${place}"]`)).toBeInViewport({ timeout: 500 })
      }).toPass({ timeout: 15_000 })
    await untilLast(COUNT + 1)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    await page.getByRole('button', { name: 'Columns and groups' }).click()
    await page.getByRole('menuitemradio', { name: 'By state' }).click()
    await page.keyboard.press('Escape')
    await scrolled.evaluate((element) => element.scrollTo(0, 0))
    await expect(page.locator('.all__group')).toHaveText(/dead · 60/)
    await untilLast(COUNT + 2)
    expect(deck.complaints).toEqual([])
  })
