// What a careful eye would see: nothing is cut, nothing jumps, and one can write at once where one came to write.
import type { Page } from '@playwright/test'
import { writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

const LONG = 'a-project-with-a-very-long-name-that-somebody-has-chosen-for-it'

/** How far the layout has shifted by itself since the page was loaded. */
const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const seen: { value: number; what: string }[] = []
    Object.assign(window, { shiftsSeen: seen })
    type Shift = PerformanceEntry & {
      value: number
      hadRecentInput: boolean
      sources: { node: Node | null }[]
    }
    new PerformanceObserver((list) => {
      // A number that has become one digit longer is no jump: a line that moves is ten times as much.
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
        if (!hadRecentInput && value > 0.002)
          seen.push({
            value,
            what: sources.map(({ node }) => (node instanceof Element ? node.className : '?')).join(),
          })
    }).observe({ type: 'layout-shift', buffered: true })
  })

test('the table: no column is pushed out of sight, whatever the width and the names', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: LONG, path: `/srv/some/where/deep/down/${LONG}` } })
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  for (const width of [380, 420, 500, 640, 700, 800, 900, 1000, 1140, 1250, 1400, 2560]) {
    await page.setViewportSize({ width, height: 800 })
    const [needed, there] = await page
      .locator('.all')
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const)
    expect(needed, `${width} px`).toBeLessThanOrEqual(there)
    const name = page.locator('.all__open').first()
    expect((await name.boundingBox())?.width, `${width} px`).toBeGreaterThan(100)
  }
  // A path keeps its end.
  const end = page.locator('.all__folder .path-text__end').last()
  await expect(end).toHaveText('/shop')
})

test('the sums of the table stay in sight', async ({ deck }) => {
  writeDeadEntries(deck.serenaHome, 60)
  await deck.page.setViewportSize({ width: 1000, height: 600 })
  await deck.open()
  await expect(deck.page.locator('.all__row').first()).toBeVisible()
  await expect(deck.page.locator('.all__table tfoot')).toContainText('60 instances')
  await expect(deck.page.locator('.all__table tfoot td').nth(1)).toBeInViewport({ ratio: 1 })
})

test('at 420 px the log has room, and the views stay where they are when one is chosen', async ({ deck }) => {
  const { page } = deck
  const shop = { name: 'shop', path: '/srv/shop' }
  // Two on one project: each has two flags with notes.
  await deck.standIn({ project: shop, logLinesPerSecond: 5 })
  await deck.standIn({ project: shop })
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await deck.tab(/shop/).first().click()
  await expect(page.getByRole('list', { name: 'Flags' })).toBeVisible()
  for (const width of [320, 380, 420]) {
    await page.setViewportSize({ width, height: 760 })
    const [needed, there] = await page
      .locator('.app__panel')
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const)
    expect(needed, `${width} px`).toBeLessThanOrEqual(there)
  }
  const logs = page.getByRole('tab', { name: 'Logs', exact: true })
  const before = await logs.boundingBox()
  await logs.click()
  await expect(page.getByRole('log')).toContainText('INFO')
  expect(await logs.boundingBox()).toEqual(before)
  // That there are notes is seen here too.
  await expect(page.locator('.views__count')).toHaveText('2')
  const lines = await page.locator('.log__lines').boundingBox()
  expect(760 - (lines?.y ?? 760)).toBeGreaterThan(180)
})

test('the log goes on following when the window gets another size', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 10 })
  await page.setViewportSize({ width: 1400, height: 900 })
  await deck.open()
  await deck.tab(/shop/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  const log = page.getByRole('log')
  await expect(log).toContainText('line 60 of')
  const follow = page.getByRole('button', { name: 'Follow' })
  for (const [width, height] of [
    [420, 760],
    [320, 568],
    [700, 450],
    [2560, 700],
    [420, 760],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.waitForTimeout(700)
    await expect(follow, `${width} px`).toHaveAttribute('aria-pressed', 'true')
  }
  const last = Number(/line (\d+) of/.exec((await log.innerText()).split('\n').slice(-3).join(' '))?.[1])
  await expect(log).toContainText(`line ${last + 15} of`)
})

test('at 420 px the newest line of a followed log is in the window, and only the log scrolls', async ({
  deck,
}) => {
  const { page } = deck
  for (const name of ['alpha', 'beta', 'gamma'])
    await deck.standIn({ project: { name, path: `/srv/${name}` } })
  const shop = { name: 'shop', path: '/srv/shop' }
  await deck.standIn({ project: shop, logLinesPerSecond: 5 })
  writeDeadEntries(deck.serenaHome, 1)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await expect(page.getByRole('button', { name: 'Kill all zombies (1)' })).toBeVisible()
  const expectNewestSeen = async (): Promise<void> => {
    const log = page.getByRole('log')
    await expect(log).toContainText(/line \d{2,} of/)
    await page.waitForTimeout(500)
    const frame = await log.boundingBox()
    // It fills what is left, to the edge of the window.
    expect(Math.round((frame?.y ?? 0) + (frame?.height ?? 0))).toBe(760)
    const last = await log.locator('.log__line').last().boundingBox()
    expect((last?.y ?? 760) + (last?.height ?? 760)).toBeLessThanOrEqual(760)
    const scrollers = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.app__panel, .views__panel')]
        .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)
        .map(({ className }) => className),
    )
    expect(scrollers).toEqual([])
  }
  await deck.tab(/shop/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expectNewestSeen()
  await deck.tab('All').click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expectNewestSeen()
})

test('at 420 px a tab has its port whole, however long its owner is called', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await page.setViewportSize({ width: 320, height: 760 })
  await deck.open()
  const numbers = deck.tab(/shop, live/).locator('.tab__numbers')
  await expect(numbers).toContainText(/:\d{5} · now/)
  const words = deck.tab(/shop/).locator('.tab__words')
  await words.evaluate((element) => {
    element.textContent = 'a client of a long name in ~/a/folder/that/lies/deep/down/in/the/tree'
  })
  const [end, edge] = [await numbers.boundingBox(), await deck.tab(/shop/).boundingBox()]
  const right = (box: { x: number; width: number } | null): number => (box?.x ?? 0) + (box?.width ?? 0)
  expect(right(end)).toBeLessThanOrEqual(right(edge))
  expect(await numbers.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
})

test('the table says why a red one is red, at every width', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 2)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  for (const width of [380, 420, 500, 700, 900, 1400]) {
    await page.setViewportSize({ width, height: 800 })
    const reason = page.locator('.all__row--red .all__reason').first()
    await expect(reason, `${width} px`).toBeInViewport({ ratio: 1 })
    await expect(reason).toContainText(/^Process \d+ is gone/)
    const [needed, there] = await page
      .locator('.all')
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const)
    expect(needed, `${width} px`).toBeLessThanOrEqual(there)
  }
})

test('the menu of the table offers the columns that have room, and says that there are more', async ({
  deck,
}) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 1)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await page.getByRole('button', { name: 'Columns and groups' }).click()
  await expect(page.getByRole('group', { name: 'Columns (7 more in a wider window)' })).toBeVisible()
  await expect(page.getByRole('menuitemcheckbox')).toHaveText([/Memory/, /Age/])
  await page.setViewportSize({ width: 1400, height: 900 })
  await expect(page.getByRole('group', { name: 'Columns', exact: true })).toBeVisible()
  await expect(page.getByRole('menuitemcheckbox')).toHaveCount(9)
})

test('one can write at once: the name of a new memory, the text of an old one, the configuration', async ({
  deck,
}) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).click()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'New memory …' }).click()
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'project_overview' }).click()
  await expect(dialog.getByLabel('Content')).toBeFocused()
  await expect(dialog.getByLabel('Content')).not.toHaveValue('')
  await page.keyboard.type('First. ')
  await expect(dialog.getByLabel('Content')).toHaveValue(/^First\. /)
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Throw away' }).click()

  await page.getByRole('button', { name: "Edit Serena's configuration …" }).click()
  await expect(dialog.getByLabel('Configuration')).toBeFocused()
})

test('the list of all: searched, gone through by arrows, chosen by Enter', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 30)
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  const all = page.getByRole('button', { name: 'List all 30 instances' })
  await all.click()
  const search = page.getByRole('combobox', { name: 'Search the list' })
  await expect(search).toBeFocused()
  await expect(page.getByRole('option')).toHaveCount(30)
  await page.keyboard.type('p2')
  await expect(page.getByRole('option').first()).toContainText('p2')
  await expect(page.getByRole('option')).toHaveCount(11)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option', { selected: true })).toContainText('p21')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(deck.tab(/ - p20, dead/)).toHaveAttribute('aria-selected', 'true')
  await expect(deck.tab(/ - p20, dead/)).toBeInViewport()

  await all.click()
  await page.keyboard.type('nobody')
  await expect(page.getByText('Nothing fits “nobody”.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(all).toBeFocused()
  // The port of a dead one is anybody's by now.
  await expect(page.locator('.verdict__facts')).toContainText('24299')
  await expect(page.locator('.verdict__facts a')).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

for (const [width, height] of [
  [420, 760],
  [1400, 900],
] as const)
  test(`nothing jumps while the data of a tab arrive, at ${width} px`, async ({ deck }) => {
    const { page } = deck
    await watchShifts(page)
    await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
    await page.setViewportSize({ width, height })
    await deck.open()
    await deck.tab(/shop, live/).click()
    await expect(page.getByRole('heading', { name: 'Current Configuration' })).toBeVisible()
    // No click, no key: what is drawn next comes by itself.
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Current Configuration' })).toBeVisible()
    await page.waitForTimeout(2_000)
    const shifts = await page.evaluate(() => (window as unknown as { shiftsSeen: unknown[] }).shiftsSeen)
    expect(shifts).toEqual([])
  })
