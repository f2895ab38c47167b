// The layout: nothing is cut off, nothing shifts, and text fields have the focus when a dialog opens.
import type { Page } from '@playwright/test'
import { writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

const LONG = 'a-project-with-a-very-long-name-that-does-not-fit-into-a-row'

/** Returns how far the layout has shifted without input since the page was loaded. */
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
      // A number that becomes one digit longer is acceptable: a line that moves shifts ten times as much.
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
        if (!hadRecentInput && value > 0.002)
          seen.push({
            value,
            what: sources.map(({ node }) => (node instanceof Element ? node.className : '?')).join(),
          })
    }).observe({ type: 'layout-shift', buffered: true })
  })

test('the table keeps all columns visible at every width and with long names', async ({ deck }) => {
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
    // Table and cards replace each other.
    const name = page.locator('.all__open').first()
    await expect.poll(async () => (await name.boundingBox())?.width ?? 0, `${width} px`).toBeGreaterThan(100)
  }
  // A shortened path keeps its end.
  const end = page.locator('.all__folder .path-text__end').last()
  await expect(end).toHaveText('/shop')
})

test('the totals of the table stay visible', async ({ deck }) => {
  writeDeadEntries(deck.serenaHome, 60)
  await deck.page.setViewportSize({ width: 1000, height: 600 })
  await deck.open()
  await expect(deck.page.locator('.all__row').first()).toBeVisible()
  await expect(deck.page.locator('.all__table tfoot')).toContainText('60 instances')
  await expect(deck.page.locator('.all__table tfoot td').nth(1)).toBeInViewport({ ratio: 1 })
})

test('at 420 px the log has room, and choosing a view does not move the views', async ({ deck }) => {
  const { page } = deck
  const shop = { name: 'shop', path: '/srv/shop' }
  // Two instances on one project: each has two flags with notes.
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
  // The notes are visible here as well.
  await expect(page.locator('.views__count')).toHaveText('2')
  const lines = await page.locator('.log__lines').boundingBox()
  expect(760 - (lines?.y ?? 760)).toBeGreaterThan(0.55 * 760)
})

test('at 420 px with ten instances, All shows nine of them, and an open log has most of the height', async ({
  deck,
}) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 5 })
  writeDeadEntries(deck.serenaHome, 9)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await expect(page.getByRole('button', { name: 'Kill all zombies (9)' })).toBeVisible()
  const cards = page.getByRole('list', { name: 'Instances', exact: true }).getByRole('listitem')
  await expect(cards).toHaveCount(10)
  for (let at = 0; at < 9; at += 1) await expect(cards.nth(at)).toBeInViewport({ ratio: 1 })
  expect((await cards.first().boundingBox())?.height).toBeLessThanOrEqual(46)
  await expect(page.getByRole('table')).toHaveCount(0)

  await deck.tab(/shop, live/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('log')).toContainText('INFO')
  expect((await page.getByRole('log').boundingBox())?.height).toBeGreaterThan(0.55 * 760)
  expect(deck.complaints).toEqual([])
})

test('the log keeps following when the window is resized', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 10 })
  await page.setViewportSize({ width: 1400, height: 900 })
  await deck.open()
  await deck.tab(/shop/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  const log = page.getByRole('log')
  await expect(log).toContainText('line 60 of')
  const follow = page.getByRole('button', { name: 'Follow' })
  const lastLine = async (): Promise<number> =>
    Number(/line (\d+) of/.exec((await log.innerText()).split('\n').slice(-3).join(' '))?.[1])
  for (const [width, height] of [
    [420, 760],
    [320, 568],
    [700, 450],
    [2560, 700],
    [420, 760],
  ] as const) {
    const before = await lastLine()
    await page.setViewportSize({ width, height })
    await expect.poll(lastLine).toBeGreaterThan(before + 5)
    await expect(follow, `${width} px`).toHaveAttribute('aria-pressed', 'true')
  }
  await expect(log).toContainText(`line ${(await lastLine()) + 15} of`)
})

test('at 420 px the newest line of a followed log is visible, and only the log scrolls', async ({ deck }) => {
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
    // A new line is rendered before the log has scrolled to it.
    await expect(async () => {
      const frame = await log.boundingBox()
      // It fills the remaining height, to the edge of the window.
      expect(Math.round((frame?.y ?? 0) + (frame?.height ?? 0))).toBe(760)
      const last = await log.locator('.log__line').last().boundingBox()
      expect((last?.y ?? 760) + (last?.height ?? 760)).toBeLessThanOrEqual(760)
    }).toPass({ timeout: 5_000 })
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

test('at 320 px a card shows its whole port, even with a long owner name', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await page.setViewportSize({ width: 320, height: 760 })
  await deck.open()
  const card = page.getByRole('listitem').filter({ hasText: 'shop' })
  const numbers = card.locator('.card__numbers')
  await expect(numbers).toContainText(/:\d{5} · now/)
  const words = card.locator('.card__words')
  await words.evaluate((element) => {
    element.textContent = 'a client with a long name in ~/a/folder/that/lies/deep/down/in/the/tree'
  })
  const [end, edge] = [await numbers.boundingBox(), await card.boundingBox()]
  const right = (box: { x: number; width: number } | null): number => (box?.x ?? 0) + (box?.width ?? 0)
  expect(right(end)).toBeLessThanOrEqual(right(edge))
  expect(await numbers.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
})

test('the table shows why an instance is red, at every width', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 2)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  for (const width of [380, 420, 500, 700, 900, 1400]) {
    await page.setViewportSize({ width, height: 800 })
    const reason = page.locator('.all__row--red .all__reason').first()
    await expect(reason, `${width} px`).toBeInViewport({ ratio: 1 })
    await expect(reason).toContainText(/^Process \d+ has exited/)
    const [needed, there] = await page
      .locator('.all')
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const)
    expect(needed, `${width} px`).toBeLessThanOrEqual(there)
  }
})

test('the column menu lists the columns that fit, and says how many more exist', async ({ deck }) => {
  const { page } = deck
  writeDeadEntries(deck.serenaHome, 1)
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await page.getByRole('button', { name: 'Order and groups' }).click()
  await expect(page.getByRole('group', { name: 'Order' }).getByRole('menuitemradio')).toHaveCount(6)
  await expect(page.getByRole('menuitemcheckbox')).toHaveText(/Select several instances/)
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 700, height: 760 })
  await page.getByRole('button', { name: 'Columns and groups' }).click()
  await expect(page.getByRole('group', { name: 'Columns (5 more in a wider window)' })).toBeVisible()
  await expect(page.getByRole('menuitemcheckbox')).toHaveText([/Owner/, /Memory/, /CPU/, /Age/])
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1400, height: 900 })
  await page.getByRole('button', { name: 'Columns and groups' }).click()
  await expect(page.getByRole('group', { name: 'Columns', exact: true })).toBeVisible()
  await expect(page.getByRole('menuitemcheckbox')).toHaveCount(9)
})

test('focuses the text field of a new memory, an existing memory and the configuration', async ({ deck }) => {
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
  await dialog.getByRole('button', { name: 'Discard' }).click()

  await page.getByRole('button', { name: "Edit Serena's configuration …" }).click()
  await expect(dialog.getByLabel('Configuration')).toBeFocused()
})

test('the list of instances can be searched, navigated with arrow keys and opened with Enter', async ({
  deck,
}) => {
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
  await expect(search).toBeFocused()
  await page.keyboard.type('no-such')
  await expect(page.getByText('No matches for “no-such”.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(all).toBeFocused()
  // Another process may use the port of a dead instance by now.
  await expect(page.locator('.verdict__facts')).toContainText('24299')
  await expect(page.locator('.verdict__facts a')).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

test('at 1400 x 900, Overview shows all its sections without scrolling', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await page.setViewportSize({ width: 1400, height: 900 })
  await deck.open()
  await deck.tab(/shop, live/).click()
  for (const name of ['Current Configuration', 'Memories', 'Tool Usage', 'Last Execution', 'Last Hour'])
    await expect(page.getByRole('heading', { name, exact: true }), name).toBeInViewport({ ratio: 1 })
  await expect(page.getByText('Task-23:FindSymbolTool')).toBeInViewport({ ratio: 1 })
})

for (const [width, height] of [
  [420, 760],
  [1400, 900],
] as const)
  test(`nothing shifts while the data of a tab arrives, at ${width} px`, async ({ deck }) => {
    const { page } = deck
    await watchShifts(page)
    await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
    await page.setViewportSize({ width, height })
    await deck.open()
    await deck.tab(/shop, live/).click()
    await expect(page.getByRole('heading', { name: 'Current Configuration' })).toBeVisible()
    // Without input: only new data changes the layout.
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Current Configuration' })).toBeVisible()
    // Two of its own requests have been answered since.
    for (let answers = 0; answers < 2; answers++)
      await page.waitForResponse((response) => response.url().endsWith('/executions'))
    const shifts = (): Promise<unknown[]> =>
      page.evaluate(() => (window as unknown as { shiftsSeen: unknown[] }).shiftsSeen)
    expect(await shifts(), 'Overview').toEqual([])
    // A slow answer: the place of the content is shown first.
    await page.route(/\/(logs|stats)(\?|$)/, async (route) => {
      await page.waitForSelector('.skeleton', { state: 'attached' })
      await route.continue()
    })
    for (const [view, content] of [
      ['Logs', page.getByRole('log').getByText('INFO').first()],
      ['Stats', page.getByRole('listitem', { name: /^find_symbol/ })],
    ] as const) {
      await page.getByRole('tab', { name: view, exact: true }).click()
      await page.reload()
      await expect(content).toBeVisible()
      expect(await shifts(), view).toEqual([])
    }
    // The views ask again and again: a request may wait for a placeholder that does not come back.
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })
