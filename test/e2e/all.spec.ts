// The tab All: groups, hidden columns, the merged log and the totals of all instances.
import { isAlive, markProcess } from '../helpers/processes.ts'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

test('groups the table and hides columns, and remembers both', async ({ deck }) => {
  const { page } = deck
  await deck.page.setViewportSize({ width: 1400, height: 900 })
  await deck.standIn({ project: { name: 'alpha', path: '/srv/alpha' } })
  await deck.standIn({ project: { name: 'beta', path: '/srv/beta' } })
  await deck.standIn({})
  await deck.open()
  await expect(page.getByRole('table').locator('.all__row')).toHaveCount(3)
  await page.getByRole('button', { name: 'Columns and groups' }).click()
  await page.getByRole('menuitemradio', { name: 'By project' }).click()
  await expect(page.locator('.all__group')).toHaveText([/^alpha · 1/, /^beta · 1/, /^No project · 1/])
  await page.getByRole('menuitemcheckbox', { name: 'Version' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('columnheader', { name: 'Version' })).toBeHidden()
  await page.reload()
  await expect(page.locator('.all__group')).toHaveCount(3)
  await expect(page.getByRole('columnheader', { name: 'Version' })).toBeHidden()
})

test('shows one log of all instances, each line with its instance; the header search filters by instance', async ({
  deck,
}) => {
  const { page } = deck
  const alpha = await deck.standIn({ project: { name: 'alpha', path: '/srv/alpha' }, logLinesPerSecond: 2 })
  const beta = await deck.standIn({ project: { name: 'beta', path: '/srv/beta' }, logLinesPerSecond: 2 })
  await deck.open()
  await expect(deck.tab(/alpha, live/)).toBeVisible()
  await expect(deck.tab(/beta, live/)).toBeVisible()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  const log = page.getByRole('log', { name: 'Log of all instances' })
  await expect(log).toContainText(`${alpha.pid} - alpha`)
  await expect(log).toContainText(`${beta.pid} - beta`)
  await page.getByLabel('Search the log').fill('line 3 of')
  await expect(log.locator('mark')).toHaveCount(2)
})

test('shows the total calls and tokens of all instances', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'alpha', path: '/srv/alpha' } })
  await deck.standIn({ project: { name: 'beta', path: '/srv/beta' } })
  await deck.open()
  await expect(deck.tab(/alpha, live/)).toBeVisible()
  await expect(deck.tab(/beta, live/)).toBeVisible()
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(page.getByText('Includes 2 of 2 instances')).toBeVisible()
  await expect(page.getByRole('listitem', { name: /^find_symbol/ })).toHaveAccessibleName(/10,460 out$/)
  // Its content may be far below the first button, so it is focusable itself to scroll with the keyboard.
  await page.getByRole('tab', { name: 'Stats', exact: true }).press('Tab')
  await expect(page.getByRole('tabpanel', { name: 'Stats', exact: true })).toBeFocused()
})

test('ends several selected instances together, without rows that a filter hides', async ({ deck }) => {
  const { page } = deck
  const alpha = await deck.standIn({ project: { name: 'alpha', path: '/srv/alpha' } })
  const beta = await deck.standIn({ project: { name: 'beta', path: '/srv/beta' } })
  const idle = await deck.standIn({})
  const marks = [alpha, beta, idle].map(({ pid }) => markProcess(pid))
  const areAlive = (): boolean[] => marks.map((mark) => mark !== null && isAlive(mark))
  await deck.open()
  await expect(deck.tab(/alpha, live/)).toBeVisible()
  await expect(deck.tab(/beta, live/)).toBeVisible()
  await expect(page.getByRole('table').getByRole('checkbox')).toHaveCount(0)
  await page.getByRole('button', { name: 'Select', exact: true }).click()
  const all = page.getByRole('checkbox', { name: 'Select all rows' })
  const boxOf = (name: RegExp) => page.getByRole('table').getByRole('checkbox', { name })
  const end = page.getByRole('button', { name: 'End selected …' })
  await expect(end).toBeDisabled()

  await boxOf(/alpha, live/).check()
  // A click elsewhere in the row selects as well.
  await page.locator('.all__row', { hasText: 'beta' }).getByRole('button').click()
  await expect(boxOf(/beta, live/)).toBeChecked()
  await expect(page.getByText('2 selected ·')).toBeVisible()
  expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
  await all.check()
  await expect(page.getByText('3 selected ·')).toBeVisible()
  await page.getByLabel('Search instances').fill('/srv/')
  await expect(page.getByText('2 selected ·')).toBeVisible()
  await expectNoViolations(page, 'selected instances')

  await end.click()
  const dialog = page.getByRole('dialog', { name: 'End 2 instances' })
  await dialog.getByRole('checkbox', { name: /beta/ }).uncheck()
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await expect(dialog.getByText('Ended 1 instance, freed')).toBeVisible({ timeout: 20_000 })
  expect(areAlive()).toEqual([false, true, true])
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(page.getByText('1 selected ·')).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('table').getByRole('checkbox')).toHaveCount(0)
  // Without a selection, a click on a row opens its tab again.
  await page.locator('.all__row', { hasText: 'beta' }).click()
  await expect(deck.tab(/beta, live/)).toHaveAttribute('aria-selected', 'true')
  expect(deck.complaints).toEqual([])
})
