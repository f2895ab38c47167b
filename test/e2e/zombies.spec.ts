// The red button: what will be ended and why, then the receipt; the others are left alone.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { expect, test } from './deck-page.ts'

test('no zombie, no button', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await expect(deck.page.getByRole('button', { name: /Kill all zombies/ })).toHaveCount(0)
})

test('a hung one whose client lives is shown unchecked, and ended when it is checked; the living stay', async ({
  deck,
}) => {
  test.setTimeout(90_000)
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
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])
  await box.check()
  await dialog.getByRole('button', { name: 'End 1 instance' }).click()
  await expect(dialog.getByText('Ended 1, freed')).toBeVisible({ timeout: 30_000 })
  expect(mark !== null && isAlive(mark)).toBe(false)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(page.getByRole('button', { name: /Kill all zombies/ })).toHaveCount(0)
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})

test('a dead entry of ours is removed from its own tab', async ({ deck }) => {
  const { page } = deck
  const pid = 4_194_001
  const folder = join(deck.serenaHome, 'instances.d')
  const file = join(folder, `${pid}-1.json`)
  mkdirSync(folder)
  const entry = { schema: 1, pid, startedAt: 1, identity: `boot:${pid}:1`, pidNamespace: null, port: 24_299 }
  const more = { project: { name: 'gone', path: null }, context: null, modes: [], updatedAt: 1 }
  writeFileSync(file, JSON.stringify({ ...entry, ...more }))
  await deck.open()
  await deck.tab(`${pid} - gone, dead`).click()
  await expect(page.getByText('There is no dashboard to show here.')).toBeVisible()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Remove its entry …'])
  await page.getByRole('menuitem').click()
  // Its process is gone: it grows no older, and nothing ends.
  await expect(page.locator('.verdict__facts')).not.toContainText('Age')
  const dialog = page.getByRole('dialog', { name: `Remove the entry of ${pid} - gone` })
  await dialog.getByRole('button', { name: 'Remove 1 entry' }).click()
  await expect(dialog.getByText('Removed 1 entry.')).toBeVisible()
  expect(existsSync(file)).toBe(false)
})

test('a dead entry of somebody else is named, and not touched', async ({ deck }) => {
  const entry = { pid: 4_194_000, port: 24_299, project_name: 'gone', started_at: new Date(0).toISOString() }
  const file = join(deck.serenaHome, 'instances.json')
  const text = JSON.stringify({ x: entry })
  writeFileSync(file, text)
  await deck.open()
  await deck.page.getByRole('button', { name: 'Kill all zombies (1)' }).click()
  const dialog = deck.page.getByRole('dialog', { name: 'Kill all zombies' })
  await expect(dialog.getByText(/^Not ended:/)).toBeVisible()
  await expect(dialog.getByRole('checkbox')).toBeDisabled()
})
