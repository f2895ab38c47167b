// Every action with the keyboard: controls are reachable and work, and the focus is correct afterwards.
import type { Locator, Page } from '@playwright/test'
import { expectNoViolationsInThemes } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

/** Presses Tab (or another key) until the target has the focus; fails when the focus has passed all controls without reaching it. */
async function tabTo(
  page: Page,
  target: Locator,
  key: 'Tab' | 'Shift+Tab' | 'ArrowDown' = 'Tab',
): Promise<void> {
  // A control that is not rendered yet cannot be reached.
  await expect(target).toBeVisible()
  for (let presses = 0; presses < 120; presses += 1) {
    if (
      (await target.count()) === 1 &&
      (await target.evaluate((element) => element === document.activeElement))
    )
      return
    await page.keyboard.press(key)
  }
  throw new Error(`${String(target)} is not reached by ${key}`)
}

test('opens a tab, folds sections, changes the view, uses the menu', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await tabTo(page, deck.tab('All'))
  await page.keyboard.press('ArrowRight')
  await expect(deck.tab(/shop/)).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Current Configuration' })).toBeVisible()

  const fold = page.getByRole('button', { name: 'Available Modes' })
  await tabTo(page, fold)
  const before = await fold.getAttribute('aria-expanded')
  await page.keyboard.press('Enter')
  await expect(fold).toHaveAttribute('aria-expanded', before === 'true' ? 'false' : 'true')
  await expect(fold).toBeFocused()
  await page.keyboard.press('Space')
  await expect(fold).toHaveAttribute('aria-expanded', before ?? '')

  const overview = page.getByRole('tab', { name: 'Overview', exact: true })
  await tabTo(page, overview, 'Shift+Tab')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Logs', exact: true })).toBeFocused()
  await expect(page.getByRole('log')).toContainText('INFO')
  await page.keyboard.press('End')
  await expect(page.getByRole('listitem', { name: /^find_symbol/ })).toBeVisible()
  await page.keyboard.press('Home')

  const actions = page.getByRole('button', { name: /^Actions for/ })
  await tabTo(page, actions, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem').last()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(actions).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.type('Shut')
  await expect(page.getByRole('menuitem', { name: 'Shut down …' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('Shut down')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(actions).toBeFocused()
})

test('creates, opens, edits, saves, discards and deletes a memory', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).focus()
  await page.keyboard.press('Enter')
  const create = page.getByRole('button', { name: 'New memory …' })
  const dialog = page.getByRole('dialog')
  await tabTo(page, create)
  await page.keyboard.press('Enter')
  await tabTo(page, dialog.getByLabel('Name'))
  await page.keyboard.type('notes')
  await page.keyboard.press('Tab')
  await expect(dialog.getByLabel('Content')).toBeFocused()
  await page.keyboard.type('words')
  await tabTo(page, dialog.getByRole('button', { name: 'Save' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('Saved notes.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(create).toBeFocused()

  const notes = page.getByRole('button', { name: 'notes', exact: true })
  await tabTo(page, notes, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('Content')).toHaveValue('words')
  await tabTo(page, dialog.getByLabel('Content'))
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' and more')
  await page.keyboard.press('Escape')
  await expect(dialog).toContainText('Discard unsaved changes?')
  await tabTo(page, dialog.getByRole('button', { name: 'Discard' }))
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(notes).toBeFocused()

  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('Content')).toHaveValue('words')
  await tabTo(page, dialog.getByRole('button', { name: 'Delete …' }))
  await page.keyboard.press('Enter')
  await tabTo(page, dialog.getByRole('button', { name: 'Delete', exact: true }))
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(notes).toHaveCount(0)
  // The control that opened it was removed: the focus must still be on a control.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
})

test('follows, searches, filters and clears log and statistics', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, logLinesPerSecond: 5 })
  await deck.open()
  await deck.tab(/shop/).focus()
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('tab', { name: 'Overview', exact: true }))
  await page.keyboard.press('ArrowRight')
  const log = page.getByRole('log')
  await expect(log).toContainText('line 5 of')
  const search = page.getByLabel('Search the log')
  await tabTo(page, search)
  await page.keyboard.type('web dashboard')
  await expect(log.locator('mark').first()).toHaveText(/web dashboard/i)
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await tabTo(page, page.getByLabel('Minimum level'))
  await page.keyboard.press('End')
  await expect(page.getByText('No lines match the filter.')).toBeVisible()
  await page.keyboard.press('Home')
  const follow = page.getByRole('button', { name: 'Follow' })
  await tabTo(page, follow)
  await page.keyboard.press('Space')
  await expect(follow).toHaveAttribute('aria-pressed', 'false')
  const wrap = page.getByRole('button', { name: 'Wrap' })
  await tabTo(page, wrap)
  await page.keyboard.press('Enter')
  await expect(wrap).toHaveAttribute('aria-pressed', 'false')
  // The list of lines is focusable, so that it can be scrolled with the keyboard.
  await tabTo(page, log.locator('.log__list'))
  await page.keyboard.press('PageUp')
  const clear = page.getByRole('button', { name: 'Clear …' })
  await tabTo(page, clear, 'Shift+Tab')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByRole('button', { name: 'Clear', exact: true }))
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(clear).toBeFocused()

  await tabTo(page, page.getByRole('tab', { name: 'Logs', exact: true }), 'Shift+Tab')
  await page.keyboard.press('ArrowRight')
  await tabTo(page, page.getByRole('button', { name: 'Clear …' }))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Clear …' })).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, dialog.getByRole('button', { name: 'Clear', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('No tool calls yet.')).toBeVisible()
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
})

test('edits the configuration, reviews the diff, returns and discards it', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).focus()
  await page.keyboard.press('Enter')
  const edit = page.getByRole('button', { name: "Edit Serena's configuration …" })
  await tabTo(page, edit)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  const text = dialog.getByLabel('Configuration')
  await expect(text).toHaveValue(/web_dashboard/)
  await tabTo(page, text)
  await page.keyboard.press('Control+End')
  await page.keyboard.type('log_level: 10')
  await tabTo(page, dialog.getByRole('button', { name: 'Review changes' }))
  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('Changes')).toContainText('+log_level: 10')
  await tabTo(page, dialog.getByRole('button', { name: 'Back to editing' }))
  await page.keyboard.press('Enter')
  await expect(text).toHaveValue(/log_level: 10/)
  await page.keyboard.press('Escape')
  await tabTo(page, dialog.getByRole('button', { name: 'Discard' }))
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(edit).toBeFocused()
})

test('All: searches, sorts, groups and opens a row; Tab stays inside a dialog', async ({ deck }) => {
  const { page } = deck
  await deck.page.setViewportSize({ width: 1400, height: 900 })
  await deck.standIn({ project: { name: 'alpha', path: '/srv/alpha' } })
  await deck.standIn({ project: { name: 'beta', path: '/srv/beta' } })
  await deck.open()
  await expect(deck.tabs()).toHaveCount(3)
  await page.keyboard.press('/')
  await page.keyboard.type('beta')
  await expect(page.locator('.all__row')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await tabTo(page, page.getByRole('button', { name: 'Columns and groups' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('menuitemradio', { name: 'By project' }), 'ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.locator('.all__group')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Columns and groups' })).toBeFocused()
  await tabTo(page, page.getByRole('columnheader', { name: 'Instance' }).getByRole('button'))
  await page.keyboard.press('Enter')
  await tabTo(page, page.locator('.all__open').filter({ hasText: 'beta' }))
  await page.keyboard.press('Enter')
  await expect(deck.tab(/beta/)).toHaveAttribute('aria-selected', 'true')

  await tabTo(page, page.getByRole('button', { name: 'New memory …' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab')
    // Tab leaves the dialog only for the browser's own controls, never for the page below.
    const place = await page.evaluate(() => {
      const active = document.activeElement
      return active === document.body || active?.closest('[role=dialog]') ? 'dialog' : active?.outerHTML
    })
    expect(place).toBe('dialog')
  }
})

test('axe finds nothing in the dialogs and with every section open, in both themes', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({
    project: { name: 'shop', path: '/srv/shop' },
    opensOnLaunch: null,
    newerVersion: '2.2.0',
    news: { '20261001': '<p>News</p>' },
    runningTask: 'Task-7:ExecuteShellCommandTool',
  })
  await deck.open()
  await deck.tab(/shop/).click()
  for (const name of ['Registered Projects', 'Available Tools', 'Available Modes', 'Available Contexts']) {
    const fold = page.getByRole('button', { name, exact: true })
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  }
  await page.getByRole('button', { name: 'Abandon …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Cancelled Executions' })).toBeVisible()
  const shows: readonly (() => Promise<unknown>)[] = [
    () => page.getByRole('dialog').waitFor({ state: 'detached' }),
    () => page.getByRole('button', { name: "Edit Serena's configuration …" }).click(),
    () => page.getByRole('button', { name: 'project_overview' }).click(),
    () => page.getByRole('button', { name: 'New memory …' }).click(),
  ]
  for (const [at, show] of shows.entries()) {
    await show()
    await expect(page.getByText('Loading …')).toHaveCount(0)
    await expectNoViolationsInThemes(page, `dialog ${at}`)
    await page.keyboard.press('Escape')
  }
})
