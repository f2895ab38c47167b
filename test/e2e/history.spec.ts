// The timeline of the machine and of one instance, its export and the launch command to copy.
import { readFileSync } from 'node:fs'
import { historyRecordSchema } from '../../src/contract/history.ts'
import { expectNoViolations } from './axe-scan.ts'
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
