// Tabs, table, search and keyboard, on stand-ins.
import { AxeBuilder } from '@axe-core/playwright'
import { signalProcess } from '../helpers/processes.ts'
import { expect, test } from './deck-page.ts'

const SIZES = [
  [420, 760],
  [900, 700],
  [1400, 900],
] as const

test('nobody there: says so, and what was looked at', async ({ deck }) => {
  await deck.open()
  await expect(deck.page.getByRole('heading', { name: 'No Serena is running.' })).toBeVisible()
  await expect(deck.page.getByText(deck.serenaHome.split('/').at(-1) ?? '')).toBeVisible()
  await expect(deck.tabs()).toHaveCount(1)
})

test('tabs come, change and go by themselves, in a stable place', async ({ deck }) => {
  const idle = await deck.standIn({ otherProject: { name: 'late', path: '/srv/late' } })
  await deck.open()
  // It may have come while the page was open: then it is marked as new.
  await expect(deck.tabs()).toHaveText(['All', new RegExp(`^${idle.pid} - NO PROJECT(new)?$`)])
  await expect(deck.tab(`${idle.pid} - NO PROJECT, idle`)).toBeVisible()

  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
  idle.tell('project')
  await expect(deck.tab(`${idle.pid} - late, live`)).toBeVisible()
  // One that came while the page was open is marked new.
  await expect(deck.tabs()).toHaveText([
    'All',
    new RegExp(`^${idle.pid} - late(new)?$`),
    new RegExp(`^${shop.pid} - shop(new)?$`),
  ])

  await deck.tab(/shop/).click()
  await shop.stop()
  await expect(deck.tabs()).toHaveCount(2)
  await expect(deck.page.getByText(`${shop.pid} - shop has ended.`)).toBeVisible()
  expect(deck.complaints).toEqual([])
})

test('a stopped one is grey and says so', async ({ deck }) => {
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

test('the table sorts, searches, opens and sums', async ({ deck }) => {
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

test('everything by keyboard: arrows between tabs, Ctrl and a number', async ({ deck }) => {
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
  test.setTimeout(120_000)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.standIn({})
  await deck.open()
  await expect(deck.tabs()).toHaveCount(3)
  const views = [
    () => deck.tab('All').click(),
    () => deck.tab(/shop/).click(),
    () => deck.page.getByRole('tab', { name: 'Logs', exact: true }).click(),
    () => deck.page.getByRole('tab', { name: 'Stats', exact: true }).click(),
  ]
  for (const show of views) {
    await show()
    for (const [width, height] of SIZES) {
      await deck.page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await deck.page.emulateMedia({ colorScheme })
        const { violations } = await new AxeBuilder({ page: deck.page }).analyze()
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
        expect(found, `${width} ${colorScheme}`).toEqual([])
      }
      expect(await deck.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
  }
})

test('thirty instances: a menu lists them all, the page stays in its width', async ({ deck }) => {
  const names = Array.from({ length: 30 }, (_, at) => `project-${at}`)
  await Promise.all(names.map((name) => deck.standIn({ project: { name, path: `/srv/${name}` } })))
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

test('a lost backend: the last state stays, greyed, with its age; a new one asks for a new key', async ({
  deck,
}) => {
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
  signalProcess(deck.backend.program.mark, 'SIGKILL')
  await expect(deck.page.getByRole('alert')).toContainText('The connection to Serena Deck is lost.')
  await expect(deck.page).toHaveTitle('Not connected – Serena Deck')
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})
