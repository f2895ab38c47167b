// So many instances that only those near the visible part are rendered: dead entries, because starting sixty programs takes a minute.

import { expectNoViolations } from './axe-scan.ts'
import { FIRST_DEAD, writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

const COUNT = 60

const last = `${FIRST_DEAD + COUNT} - p${COUNT}, dead`

for (const width of [420, 1000])
  test(`${COUNT} tabs at ${width} px: only some are rendered; keys and search reach all`, async ({
    deck,
  }) => {
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
    await page.keyboard.press('ArrowRight')
    await expect(all).toBeFocused()
    await page.keyboard.press('ArrowLeft')
    await expect(deck.tab(last)).toBeFocused()
    await page.keyboard.press('Home')
    await expect(all).toHaveAttribute('aria-selected', 'true')
    for (let presses = 0; presses < 25; presses += 1) await page.keyboard.press('ArrowRight')
    await expect(deck.tab(/ - p25, dead/)).toBeFocused()
    await expect(deck.tab(/ - p25, dead/)).toBeInViewport()

    await page.keyboard.press('/')
    await page.keyboard.type('p58')
    await expect(deck.tab(/ - p58, dead/)).toBeVisible()
    await page.keyboard.press('Escape')

    // The open tab stays rendered; distant tabs are rendered when they are scrolled into view.
    await deck.tabs().last().scrollIntoViewIfNeeded()
    const list = page.getByRole('tablist', { name: 'Serena instances' })
    // Tabs wider than estimated move the end once they are rendered.
    await expect(async () => {
      await list.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight))
      await expect(deck.tab(last)).toBeInViewport({ timeout: 500 })
    }).toPass()
    await expect(deck.tab(/ - p25, dead/)).toHaveCount(1)
    await expectNoViolations(page, `the tabs at ${width} px`)
    expect(deck.complaints).toEqual([])
  })

for (const width of [420, 1000])
  test(`${COUNT} rows at ${width} px: rendered when scrolled into view, each with its position, also in groups`, async ({
    deck,
  }) => {
    const { page } = deck
    writeDeadEntries(deck.serenaHome, COUNT)
    await page.setViewportSize({ width, height: 600 })
    await deck.open()
    const rows = page.locator('.all__row')
    await expect(rows.first()).toBeVisible()
    const isTable = width > 700
    if (isTable) await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', String(COUNT + 2))
    else await expect(rows.first()).toHaveAttribute('aria-setsize', String(COUNT))
    await expect.poll(() => rows.count()).toBeLessThan(COUNT)
    // The table scrolls, not the page around it.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(600)
    const scrolled = page.locator('.all')
    // Rows higher than estimated move the end once they are rendered.
    /** The first row of a table is its head. */
    const placeOf = (row: number): string =>
      isTable ? `.all__row[aria-rowindex="${row + 1}"]` : `.all__row[aria-posinset="${row}"]`
    const untilLast = (place: number) =>
      expect(async () => {
        await scrolled.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        await expect(page.locator(placeOf(place))).toBeInViewport({ timeout: 500 })
      }).toPass()
    await untilLast(COUNT)
    await expectNoViolations(page, `the table at ${width} px`)
    await page.getByRole('button', { name: /(Columns|Order) and groups/ }).click()
    await page.getByRole('menuitemradio', { name: 'By state' }).click()
    await page.keyboard.press('Escape')
    await scrolled.evaluate((element) => element.scrollTo(0, 0))
    await expect(page.locator('.all__group')).toHaveText(/dead · 60/)
    await untilLast(isTable ? COUNT + 1 : COUNT)
    expect(deck.complaints).toEqual([])
  })
