// Tabs, table, search and keyboard, with stand-ins.
import type { Locator } from '@playwright/test'
import { signalProcess } from '../helpers/processes.ts'
import { expectNoViolationsInThemes } from './axe-scan.ts'
import { writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

const SIZES = [
  [420, 760],
  [900, 700],
  [1400, 900],
] as const

test('without instances, says so and lists what was searched', async ({ deck }) => {
  await deck.open()
  await expect(deck.page.getByRole('heading', { name: 'No Serena instances are running.' })).toBeVisible()
  await expect(deck.page.getByText(deck.serenaHome.split('/').at(-1) ?? '')).toBeVisible()
  await expect(deck.tabs()).toHaveCount(1)
})

test('adds, updates and removes tabs automatically, in a stable order', async ({ deck }) => {
  const idle = await deck.standIn({ otherProject: { name: 'late', path: '/srv/late' } })
  await deck.open()
  // If it was added while the page was open, it is marked as new.
  await expect(deck.tabs()).toHaveText(['All', new RegExp(`^${idle.pid} - NO PROJECT(new)?$`)])
  await expect(deck.tab(`${idle.pid} - NO PROJECT, idle`)).toBeVisible()

  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
  idle.send('project')
  await expect(deck.tab(`${idle.pid} - late, live`)).toBeVisible()
  // A tab added while the page is open is marked as new.
  await expect(deck.tabs()).toHaveText([
    'All',
    new RegExp(`^${idle.pid} - late(new)?$`),
    new RegExp(`^${shop.pid} - shop(new)?$`),
  ])

  await deck.tab(/shop/).click()
  await shop.stop()
  await expect(deck.tabs()).toHaveCount(2)
  await expect(deck.page.getByText(`${shop.pid} - shop has exited.`)).toBeVisible()
  expect(deck.complaints).toEqual([])
})

test('shows a stopped instance in gray, as suspended', async ({ deck }) => {
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  process.kill(shop.pid, 'SIGSTOP')
  try {
    await expect(deck.tab(`${shop.pid} - shop, suspended`)).toBeVisible()
  } finally {
    process.kill(shop.pid, 'SIGCONT')
  }
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})

test('the table sorts, searches, opens instances and shows totals', async ({ deck }) => {
  for (const name of ['alpha', 'beta', 'gamma'])
    await deck.standIn({ project: { name, path: `/srv/${name}` } })
  await deck.open()
  const rows = deck.page.getByRole('table').locator('tbody tr')
  await expect(rows).toHaveCount(3)
  await deck.page.getByRole('button', { name: 'Instance' }).click()
  await expect(rows.first()).toContainText('alpha')
  await deck.page.getByRole('button', { name: 'Instance' }).click()
  await expect(rows.first()).toContainText('gamma')
  await expect(deck.page.getByRole('columnheader', { name: 'Instance' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await expect(deck.page.getByRole('table').locator('tfoot')).toContainText('3 instances')

  await deck.page.keyboard.press('/')
  await deck.page.keyboard.type('bet')
  await expect(rows).toHaveCount(1)
  await expect(deck.tabs()).toHaveCount(2)
  await deck.page.keyboard.press('Escape')
  await expect(deck.tabs()).toHaveCount(4)
  await rows.filter({ hasText: 'beta' }).click()
  await expect(deck.page.getByRole('heading', { name: /beta/ })).toBeVisible()
})

test('switches tabs with the arrow keys and with Ctrl and a number', async ({ deck }) => {
  const first = await deck.standIn({ project: { name: 'one', path: '/srv/one' } })
  const second = await deck.standIn({ project: { name: 'two', path: '/srv/two' } })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(3)
  await deck.tab('All').focus()
  await deck.page.keyboard.press('ArrowRight')
  await expect(deck.tab(new RegExp(`^${first.pid}`))).toHaveAttribute('aria-selected', 'true')
  await deck.page.keyboard.press('End')
  await expect(deck.tab(new RegExp(`^${second.pid}`))).toHaveAttribute('aria-selected', 'true')
  await deck.page.keyboard.press('Control+1')
  await expect(deck.tab('All')).toHaveAttribute('aria-selected', 'true')
  await deck.page.keyboard.press('Control+3')
  await expect(deck.tab(new RegExp(`^${second.pid}`))).toHaveAttribute('aria-selected', 'true')
})

test('axe finds nothing, at three sizes, in both themes, in every view', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.standIn({})
  await deck.open()
  await expect(deck.tabs()).toHaveCount(3)
  const { page } = deck
  const figure = (name: string): Locator => page.getByRole('figure', { name })
  /** The views, each with something that is there when it is loaded. */
  const views: readonly [tab: string | RegExp, view: string, content: Locator][] = [
    ['All', 'Instances', page.locator('.all__row').first()],
    ['All', 'Logs', page.getByRole('log').getByText('INFO').first()],
    ['All', 'Stats', figure('Tools').getByRole('listitem').first()],
    ['All', 'Timeline', figure('Timeline').getByRole('option').first()],
    ['All', 'History', page.getByRole('region', { name: 'Today' })],
    ['All', 'Hub', page.getByText('The hub is not running.')],
    ['All', 'Health', page.getByRole('button', { name: 'What was read' })],
    [/shop/, 'Overview', figure('Memory and CPU')],
    [/shop/, 'Logs', page.getByRole('log').getByText('INFO').first()],
    [/shop/, 'Stats', figure('Calls per minute')],
  ]
  for (const [tab, view, content] of views) {
    await deck.tab(tab).click()
    await page.getByRole('tab', { name: view, exact: true }).click()
    await expect(content).toBeVisible()
    for (const size of SIZES) await expectNoViolationsInThemes(page, `${tab} ${view}`, { sizes: [size] })
    // The narrow window at 200 % zoom is the last.
    for (const [width, height] of [...SIZES, [320, 380] as const]) {
      await page.setViewportSize({ width, height })
      const scrolled = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(scrolled, `${tab} ${view}, ${width} px`).toBeLessThanOrEqual(width)
    }
  }
})

test('lists thirty instances in a menu, without horizontal scrolling', async ({ deck }) => {
  writeDeadEntries(deck.serenaHome, 30)
  await deck.page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(31)
  await deck.page.getByRole('button', { name: 'List all 30 instances' }).click()
  await deck.page.getByRole('option').last().click()
  await expect(deck.tabs().last()).toHaveAttribute('aria-selected', 'true')
  await expect(deck.tabs().last()).toBeInViewport()
  for (const width of [380, 900, 2560]) {
    await deck.page.setViewportSize({ width, height: 800 })
    expect(await deck.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
})

test('keeps the last state, grayed out and with its age, when the backend is lost; a new backend needs a new key', async ({
  deck,
}) => {
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
  signalProcess(deck.backend.program.mark, 'SIGKILL')
  await expect(deck.page.getByRole('alert')).toContainText('Lost connection to Serena Deck.')
  await expect(deck.page).toHaveTitle('Not connected – Serena Deck')
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})
