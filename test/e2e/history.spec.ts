// The timeline of the machine and of one instance, its export, the launch command to copy, and desktop notifications.
import { readFileSync } from 'node:fs'
import { historyRecordSchema } from '../../src/contract/history.ts'
import { expectNoViolations } from './axe-scan.ts'
import { FIRST_DEAD, writeDeadEntries } from './dead-entries.ts'
import { expect, test } from './deck-page.ts'

test('shows the history of the machine and of one instance, and saves it as JSON lines', async ({ deck }) => {
  const { page } = deck
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const web = await deck.standIn({ project: { name: 'web', path: '/srv/web' } })
  await deck.open()
  await expect(deck.tab(/web, live/)).toBeVisible()

  // Ended by the user: the receipt has the command to start it again.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await deck.tab(/web, live/).click()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'End this instance …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await dialog.getByRole('button', { name: `Copy the launch command of ${web.pid} - web` }).click()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  expect(command).toContain(`SERENA_HOME=${deck.serenaHome} `)
  expect(command).toMatch(/^cd .+ && .+ start-mcp-server --project \/srv\/web$/)
  await dialog.getByRole('button', { name: 'Copy receipt' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`started with: ${command}`)
  await expectNoViolations(page, 'the launch command')
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await deck.tab('All').click()
  await page.getByRole('tab', { name: 'History' }).click()
  const today = page.getByRole('region', { name: 'Today' })
  const rows = today.getByRole('listitem')
  await expect(rows.first()).toContainText(`${web.pid} - web ended on the page`)
  await expect(rows.first()).toContainText('Graceful shutdown, 1 process')
  await expect(today).toContainText(`${shop.pid} - shop`)
  await expect(rows.first().getByRole('button', { name: /Copy the launch command/ })).toBeVisible()
  await expectNoViolations(page, 'History')

  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as JSON lines' }).click()
  const download = await saving
  expect(download.suggestedFilename()).toMatch(/^serena-history-\d{4}-\d\d-\d\d\.jsonl$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n')
  const records = lines.map((line) => historyRecordSchema.parse(JSON.parse(line)))
  expect(records.at(-1)).toMatchObject({ event: 'ended', by: 'page', pid: web.pid, how: 'shutdown' })

  // The name of a running instance opens its tab, which shows the history of that instance only.
  await today
    .getByRole('button', { name: `${shop.pid} - shop` })
    .first()
    .click()
  await expect(deck.tab(/shop, live/)).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: 'History', exact: true }).click()
  const own = page.getByRole('region', { name: 'History', exact: true })
  await expect(own.getByRole('listitem').last()).toContainText('started')
  await expect(own).not.toContainText('web')
  expect(deck.complaints).toEqual([])
})

test('shows the history without any Serena', async ({ deck }) => {
  const { page } = deck
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await shop.stop()
  await expect(page.getByText('No Serena instances are running.')).toBeVisible({ timeout: 15_000 })
  await page.getByRole('button', { name: 'History' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Its process has exited.' })).toBeVisible()
  await expectNoViolations(page, 'History without instances')
})

/** Records the desktop notifications of the page, and shows them as well. */
const record = (): void => {
  const notifications: { title: string; body: string | undefined }[] = []
  const Real = window.Notification
  class Recorded extends Real {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      notifications.push({ title, body: options?.body })
    }
  }
  Object.assign(window, { Notification: Recorded, notifications })
}
const TITLES = 'window.notifications.map(({ title }) => title)'

test.describe('desktop notifications', () => {
  test('are off by default; when on, each new zombie causes one notification', async ({ deck }) => {
    const { page } = deck
    await page.context().grantPermissions(['notifications'])
    await page.addInitScript(record)
    const hung = { hangsAfterMs: 0, hangsAfterAnswers: 3 }
    const first = await deck.standIn({ project: { name: 'first', path: '/srv/first' }, ...hung })
    await deck.open()
    await expect(deck.tab(`${first.pid} - first, hung`)).toBeVisible({ timeout: 40_000 })
    expect(await page.evaluate(TITLES)).toEqual([])

    await page.getByRole('button', { name: 'Menu' }).click()
    const item = page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' })
    await expect(item).not.toBeChecked()
    await item.click()
    await expect(item).toBeChecked()
    await page.keyboard.press('Escape')
    await expect(page.getByText('Desktop notifications are on.')).toBeVisible()

    const second = await deck.standIn({ project: { name: 'second', path: '/srv/second' }, ...hung })
    await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible({ timeout: 40_000 })
    await expect.poll(() => page.evaluate(TITLES)).toEqual([`${second.pid} - second: hung`])
    // After a reload the setting is kept, and a zombie that existed before causes no notification.
    await page.reload()
    await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible()
    writeDeadEntries(deck.serenaHome, 1)
    await expect.poll(() => page.evaluate(TITLES)).toEqual([`${FIRST_DEAD + 1} - p1: dead`])
    await page.getByRole('button', { name: 'Menu' }).click()
    await expect(item).toBeChecked()
  })

  test('stay off when the browser blocks them', async ({ deck }) => {
    const { page } = deck
    await page.addInitScript(() => {
      Object.defineProperty(window.Notification, 'permission', { get: () => 'denied' })
    })
    await deck.open()
    await page.getByRole('button', { name: 'Menu' }).click()
    const item = page.getByRole('menuitemcheckbox', { name: 'Desktop notifications' })
    await item.click()
    await expect(page.getByText('The browser blocks notifications.')).toBeVisible()
    await expect(item).not.toBeChecked()
  })
})
