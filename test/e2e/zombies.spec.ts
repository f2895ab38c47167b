// The red button: lists what it ends and why, then shows the receipt; other instances keep running.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

test('shows no button without zombies', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await expect(deck.page.getByRole('button', { name: /Kill all zombies/ })).toHaveCount(0)
})

test('a hung instance with a running client is not selected, and is ended when selected; healthy ones stay', async ({
  deck,
}) => {
  const { page } = deck
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const hung = await deck.standIn({
    project: { name: 'hung', path: '/srv/hung' },
    hangsAfterMs: 0,
    hangsAfterAnswers: 3,
  })
  const mark = markProcess(hung.pid)
  await deck.open()
  const kill = page.getByRole('button', { name: 'Kill all zombies (1)' })
  await expect(kill).toBeVisible({ timeout: 40_000 })
  await kill.click()
  const dialog = page.getByRole('dialog', { name: 'Kill all zombies' })
  const box = dialog.getByRole('checkbox', { name: new RegExp(`${hung.pid} - hung`) })
  await expect(box).not.toBeChecked()
  await expect(dialog).toContainText('No answer on port')
  await expect(dialog.getByRole('button', { name: /^End 0 instances/ })).toBeDisabled()
  await expectNoViolations(page, 'Kill all zombies')
  await box.check()
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await expect(dialog.getByText('Ended 1 instance, freed')).toBeVisible({ timeout: 30_000 })
  expect(mark !== null && isAlive(mark)).toBe(false)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(page.getByRole('button', { name: /Kill all zombies/ })).toHaveCount(0)
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})

test('removes an own dead entry from its tab', async ({ deck }) => {
  const { page } = deck
  const pid = 4_194_001
  const folder = join(deck.serenaHome, 'instances.d')
  const file = join(folder, `${pid}-1.json`)
  mkdirSync(folder)
  const entry = { schema: 1, pid, startedAt: 1, identity: `boot:${pid}:1`, pidNamespace: null, port: 24_299 }
  const more = { project: { name: 'exited', path: null }, context: null, modes: [], updatedAt: 1 }
  writeFileSync(file, JSON.stringify({ ...entry, ...more }))
  await deck.open()
  await deck.tab(`${pid} - exited, dead`).click()
  await expect(page.getByText('This instance has no dashboard.')).toBeVisible()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Process ID', 'Port', 'Remove entry …'])
  await page.getByRole('menuitem', { name: 'Remove entry …' }).click()
  // Its process has exited: no uptime is shown, and nothing is ended.
  await expect(page.locator('.verdict__facts')).not.toContainText('Age')
  const dialog = page.getByRole('dialog', { name: `Remove the entry of ${pid} - exited` })
  await dialog.getByRole('button', { name: 'Remove 1 entry' }).click()
  await expect(dialog.getByText('Removed 1 entry.')).toBeVisible()
  expect(existsSync(file)).toBe(false)
})

test('lists a dead entry of another program, and does not remove it', async ({ deck }) => {
  const entry = {
    pid: 4_194_000,
    port: 24_299,
    project_name: 'exited',
    started_at: new Date(0).toISOString(),
  }
  const file = join(deck.serenaHome, 'instances.json')
  const text = JSON.stringify({ x: entry })
  writeFileSync(file, text)
  await deck.open()
  await deck.page.getByRole('button', { name: 'Kill all zombies (1)' }).click()
  const dialog = deck.page.getByRole('dialog', { name: 'Kill all zombies' })
  await expect(dialog.getByText(/^Not ended:/)).toBeVisible()
  await expect(dialog.getByRole('checkbox')).toBeDisabled()
})
