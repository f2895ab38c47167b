// The timeline of the machine and of one instance, its export, the launch command to copy, and notices on the desktop.
import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { historyRecordSchema } from '../../src/contract/history.ts'
import { expect, test } from './deck-page.ts'

test('what happened is told for the machine and for one, and saved as JSON lines', async ({ deck }) => {
  const { page } = deck
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const web = await deck.standIn({ project: { name: 'web', path: '/srv/web' } })
  await deck.open()
  await expect(deck.tab(/web, live/)).toBeVisible()

  // Ended by hand: the receipt has the command to start it again.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await deck.tab(/web, live/).click()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'End with all its processes …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await dialog.getByRole('button', { name: `Copy the launch command of ${web.pid} - web` }).click()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  expect(command).toContain(`SERENA_HOME=${deck.serenaHome} `)
  expect(command).toMatch(/^cd .+ && .+ start-mcp-server --project \/srv\/web$/)
  await dialog.getByRole('button', { name: 'Copy the receipt' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`started with: ${command}`)
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await deck.tab('All').click()
  await page.getByRole('tab', { name: 'History' }).click()
  const today = page.getByRole('region', { name: 'Today' })
  const rows = today.getByRole('listitem')
  await expect(rows.first()).toContainText(`${web.pid} - web ended in the page`)
  await expect(rows.first()).toContainText('By its own shutdown, 1 process')
  await expect(today).toContainText(`${shop.pid} - shop`)
  await expect(rows.first().getByRole('button', { name: /Copy the launch command/ })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])

  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as JSON lines' }).click()
  const download = await saving
  expect(download.suggestedFilename()).toMatch(/^serena-history-\d{4}-\d\d-\d\d\.jsonl$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n')
  const records = lines.map((line) => historyRecordSchema.parse(JSON.parse(line)))
  expect(records.at(-1)).toMatchObject({ event: 'ended', by: 'page', pid: web.pid, how: 'shutdown' })

  // The name of one that still runs opens its tab, which tells of that one only.
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

test('with no Serena at all the history is there', async ({ deck }) => {
  const { page } = deck
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await shop.stop()
  await expect(page.getByText('No Serena is running.')).toBeVisible({ timeout: 15_000 })
  await page.getByRole('button', { name: 'History' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'gone' })).toContainText('Its process has ended.')
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])
})

/** Keeps what the page tells on the desktop, and tells it all the same. */
const record = (): void => {
  const told: { title: string; body: string | undefined }[] = []
  const Real = window.Notification
  class Recorded extends Real {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      told.push({ title, body: options?.body })
    }
  }
  Object.assign(window, { Notification: Recorded, told })
}
const TOLD = 'window.told.map(({ title }) => title)'

test.describe('notices on the desktop', () => {
  test('are off at first; on, each new zombie is told of once', async ({ deck }) => {
    test.setTimeout(120_000)
    const { page } = deck
    await page.context().grantPermissions(['notifications'])
    await page.addInitScript(record)
    const hung = { hangsAfterMs: 0, hangsAfterAnswers: 3 }
    const first = await deck.standIn({ project: { name: 'first', path: '/srv/first' }, ...hung })
    await deck.open()
    await expect(deck.tab(`${first.pid} - first, hung`)).toBeVisible({ timeout: 40_000 })
    expect(await page.evaluate(TOLD)).toEqual([])

    await page.getByRole('button', { name: 'Menu' }).click()
    const item = page.getByRole('menuitemcheckbox', { name: 'Notify me of new zombies' })
    await expect(item).not.toBeChecked()
    await item.click()
    await expect(item).toBeChecked()
    await page.keyboard.press('Escape')
    await expect(page.getByText('New zombies will be told of on the desktop.')).toBeVisible()

    const second = await deck.standIn({ project: { name: 'second', path: '/srv/second' }, ...hung })
    await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible({ timeout: 40_000 })
    await expect.poll(() => page.evaluate(TOLD)).toEqual([`${second.pid} - second: hung`])
    // The same again after a reload, which remembers the choice: it was there when the page came.
    await page.reload()
    await expect(deck.tab(`${second.pid} - second, hung`)).toBeVisible()
    await page.waitForTimeout(6_000)
    expect(await page.evaluate(TOLD)).toEqual([])
    await page.getByRole('button', { name: 'Menu' }).click()
    await expect(item).toBeChecked()
  })

  test('that the browser refuses are not promised', async ({ deck }) => {
    const { page } = deck
    await page.addInitScript(() => {
      Object.defineProperty(window.Notification, 'permission', { get: () => 'denied' })
    })
    await deck.open()
    await page.getByRole('button', { name: 'Menu' }).click()
    const item = page.getByRole('menuitemcheckbox', { name: 'Notify me of new zombies' })
    await item.click()
    await expect(page.getByText('The browser does not allow notifications here')).toBeVisible()
    await expect(item).not.toBeChecked()
  })
})
