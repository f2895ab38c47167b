// The content of a tab: the sections of the stock page, the log, the statistics; and the rate of requests to the instance.
import { hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTypeScriptProject } from '../helpers/temp-home.ts'
import { expect, test } from './deck-page.ts'

const SECTIONS = [
  'Current Configuration',
  'Memories',
  'Tool Usage',
  'Executions Queue',
  'Last Execution',
  'Registered Projects',
  'Available Tools',
  'Available Modes',
  'Available Contexts',
]

test('the overview has the sections of the stock page, with the same names', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).click()
  for (const name of SECTIONS)
    await expect(deck.page.getByRole('heading', { name, exact: true })).toBeVisible()
  const fold = deck.page.getByRole('button', { name: 'Available Modes' })
  await expect(fold).toHaveAttribute('aria-expanded', 'false')
  await fold.click()
  await expect(deck.page.getByText('planning', { exact: true })).toBeVisible()
  await deck.page.reload()
  await expect(deck.page.getByRole('button', { name: 'Available Modes' })).toHaveAttribute(
    'aria-expanded',
    'true',
  )
})

test('the log follows new lines until it is scrolled, and can be searched, filtered and saved', async ({
  deck,
}) => {
  const standIn = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 20 })
  const { page } = deck
  await deck.open()
  await deck.tab(/shop/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  const log = page.getByRole('log')
  const follow = page.getByRole('button', { name: 'Follow' })
  await expect(log).toContainText('line 60 of')
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
  await log.hover()
  await page.mouse.wheel(0, -1_000)
  await expect(follow).toHaveAttribute('aria-pressed', 'false')
  await follow.click()
  await expect(follow).toHaveAttribute('aria-pressed', 'true')

  standIn.send('error')
  await page.getByLabel('Minimum level').selectOption('ERROR')
  await expect(log).toContainText('ERROR')
  await expect(log).not.toContainText('INFO')
  await page.getByLabel('Minimum level').selectOption('')
  await page.getByLabel('Search the log').fill('web dashboard started')
  await expect(log.locator('mark')).toHaveText(['web dashboard started'])
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save' }).click()
  expect((await download).suggestedFilename()).toBe(`serena-${standIn.pid}.log`)
})

test('the statistics show calls and tokens per tool, with totals', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).click()
  await deck.page.getByRole('tab', { name: 'Stats', exact: true }).click()
  const tools = deck.page.getByRole('figure', { name: 'Tools' })
  await expect(tools).toContainText('22 calls · 2.3K tokens in · 13.4K out')
  const bars = tools.getByRole('listitem')
  await expect(bars.first()).toHaveAccessibleName(/^find_symbol: 12 calls \(55 %\)/)
  await tools.getByRole('button', { name: 'Tokens' }).click()
  await expect(bars.first()).toHaveAccessibleName(/^read_file/)
  await tools.getByRole('button', { name: 'Table' }).click()
  const table = tools.getByRole('table')
  await expect(table.getByRole('row', { name: /find_symbol/ })).toContainText('5,230')
  await expect(table.locator('tfoot')).toContainText('22')
})

test('names the features that an old Serena lacks, with the version that has them', async ({ deck }) => {
  await deck.standIn({ version: '0.1.4', project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tabs().nth(1).click()
  await expect(deck.page.getByText('Available since Serena 1.0.0.')).toBeVisible()
})

test('requests data only for the open view, and none while the page is hidden', async ({ deck, context }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const { page } = deck
  const asked: string[] = []
  page.on('request', (request) =>
    asked.push(new URL(request.url()).pathname.replace(/\/instances\/[^/]+/, '')),
  )
  /** Fires every timer of the page that is due in that time, without waiting. After 40 s without events the page would reconnect. */
  const runTimers = (seconds: number): Promise<void> => page.clock.runFor(seconds * 1_000)
  await page.clock.install()
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await runTimers(10)
  expect(asked.filter((path) => /^\/api\/(overview|logs|stats|executions)/.test(path))).toEqual([])
  await deck.tab(/shop/).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('log')).toContainText('INFO')
  asked.length = 0
  for (let calls = 0; calls < 3; calls++) {
    const answer = page.waitForResponse((response) => response.url().includes('/logs'))
    await runTimers(2)
    await answer
  }
  expect(new Set(asked)).toEqual(new Set(['/api/logs']))
  // Headless Chromium never hides a page, so the test sets the visibility.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect.poll(() => asked.some((path) => path.startsWith('/api/streams/'))).toBe(true)
  asked.length = 0
  await runTimers(15)
  expect(asked).toEqual([])
  expect(context.pages()).toHaveLength(1)
})

test.describe('a real Serena', () => {
  test.skip(!hasSerena(), 'serena-agent could not be installed')

  test('its tab matches the command line, and turns green after an MCP call', async ({ deck }) => {
    const project = await makeTypeScriptProject(deck.scope)
    const serena = await startSerena(deck.scope, { serenaHome: deck.serenaHome })
    await deck.open()
    await expect(deck.tab(`${serena.pid} - NO PROJECT, idle`)).toBeVisible()
    await serena.activateProject(project.path)
    await expect(deck.tab(`${serena.pid} - demo-ts, live`)).toBeVisible()
    await deck.tab(/demo-ts/).click()
    const configuration = deck.page.getByRole('region', { name: 'Current Configuration' })
    await expect(configuration).toContainText('2.1.0')
    await expect(configuration).toContainText('desktop-app')
    await configuration.getByRole('button', { name: /^Active Tools/ }).click()
    await expect(configuration).toContainText('find_symbol')
    await deck.page.getByRole('tab', { name: 'Logs', exact: true }).click()
    await expect(deck.page.getByRole('log')).toContainText(/INFO/)
    expect(deck.complaints).toEqual([])
  })
})
