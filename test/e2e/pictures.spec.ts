// The pictures: Timeline and Stats, with the keyboard, as tables, and copied to the clipboard.
import type { Locator, Page } from '@playwright/test'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

const figure = (page: Page, name: string): Locator => page.getByRole('figure', { name, exact: true })

/** Copies the picture as CSV and as PNG; returns the rows, and the size of the PNG in bytes. */
async function copies(page: Page, name: string): Promise<{ rows: string[]; pngBytes: number }> {
  await page.getByRole('button', { name: `Copy ${name} as CSV` }).click()
  await expect(page.getByText(`Copied ${name} as CSV.`)).toBeVisible()
  const csv = await page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: `Copy ${name} as PNG` }).click()
  await expect(page.getByText(`Copied ${name} as PNG.`)).toBeVisible()
  const pngBytes = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    return (await item?.getType('image/png'))?.size ?? 0
  })
  return { rows: csv.trim().split('\r\n'), pngBytes }
}

test('the timeline is read, zoomed and copied with the keyboard', async ({ deck }) => {
  const { page } = deck
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const web = await deck.standIn({ project: { name: 'web', path: '/srv/web' } })
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await expect(deck.tab(/web, live/)).toBeVisible()
  await web.stop()
  await expect(deck.tab(/web/)).toHaveCount(0)
  await page.getByRole('tab', { name: 'Timeline', exact: true }).click()

  const picture = figure(page, 'Timeline')
  const lanes = picture.getByRole('listbox', { name: 'Instances over time' })
  const shopLane = lanes.getByRole('option', { name: new RegExp(`^${shop.pid} - shop: now live`) })
  const webLane = lanes.getByRole('option', { name: new RegExp(`^${web.pid} - web: last .*exited`) })
  await expect(shopLane).toBeAttached()
  await expect(webLane).toBeAttached()
  await lanes.focus()
  await page.keyboard.press('Home')
  await expect(lanes.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowLeft')
  await expect(picture.locator('.timeline-view__details')).toContainText(/ - (shop|web) · /)
  await expect(picture.getByRole('button', { name: 'Hour' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('+')
  await expect(picture.getByRole('button', { name: 'Hour' })).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('0')
  await expect(picture.getByRole('button', { name: 'Hour' })).toHaveAttribute('aria-pressed', 'true')

  const { rows, pngBytes } = await copies(page, 'Timeline')
  expect(rows[0]).toBe('Instance,State or event,From,To,Freed (MB)')
  expect(rows.filter((row) => row.startsWith(`${web.pid} - web`)).length).toBeGreaterThanOrEqual(2)
  expect(pngBytes).toBeGreaterThan(1_000)
  await picture.getByRole('button', { name: 'Table' }).click()
  await expect(picture.getByRole('row', { name: new RegExp(`${shop.pid} - shop`) }).first()).toBeVisible()
  await expectNoViolations(page, 'Timeline, as a table')
  expect(deck.complaints).toEqual([])
})

test('the statistics are copied as data and as a picture', async ({ deck }) => {
  const { page } = deck
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await page.setViewportSize({ width: 420, height: 760 })
  await deck.open()
  await deck.tab(/shop, live/).click()
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(figure(page, 'Tools').getByRole('listitem').first()).toBeVisible()
  const tools = await copies(page, 'Tools')
  expect(tools.rows.slice(0, 2)).toEqual([
    'Tool,Calls,Share of calls (%),Tokens in,Tokens out,Share of tokens (%)',
    'find_symbol,12,54.5,410,5230,36',
  ])
  expect(tools.pngBytes).toBeGreaterThan(1_000)
  const calls = await copies(page, 'Calls per minute')
  // One for each minute of the last hour, and the names.
  expect(calls.rows).toHaveLength(61)
  await figure(page, 'Tools').getByRole('button', { name: 'Table' }).click()
  await figure(page, 'Calls per minute').getByRole('button', { name: 'Table' }).click()
  await expectNoViolations(page, 'Stats, as tables')
  expect(deck.complaints).toEqual([])
})
