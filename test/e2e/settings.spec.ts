// The Settings page, new tabs, and the tab named in the address.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

const TEXT =
  '# mine\nlanguage_backend: LSP\nweb_dashboard_open_on_launch:  # undecided\nauth_secret: 0123456789\nprojects: []\n'

test('stops the pop-ups after a diff, changes single keys and the own settings', async ({ deck }) => {
  const { page, serenaHome, backend } = deck
  const file = join(serenaHome, 'serena_config.yml')
  writeFileSync(file, TEXT)
  await deck.open()
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog.getByText('not configured')).toBeVisible()
  await expectNoViolations(page, 'Settings')

  await dialog.getByRole('button', { name: 'Stop the pop-ups …' }).click()
  const diff = dialog.getByLabel('Changes', { exact: true })
  await expect(diff).toContainText('+web_dashboard_open_on_launch: false  # undecided')
  await expect(diff).not.toContainText('0123456789')
  await expectNoViolations(page, 'the changes')
  await page.keyboard.press('Escape')
  await expect(dialog.getByRole('button', { name: 'Stop the pop-ups …' })).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(TEXT)
  await dialog.getByRole('button', { name: 'Stop the pop-ups …' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('do not open their own dashboard')).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('on_launch:  #', 'on_launch: false  #'))

  const home = dialog.getByRole('region', { name: /^Settings of/ })
  const global = home.getByLabel('Shared dashboard instead of one per instance')
  await global.selectOption('Yes')
  await expect(diff).toContainText('+web_dashboard_global: true')
  await dialog.getByRole('button', { name: 'Back' }).click()
  await expect(global).toHaveValue('')
  const idle = home.getByLabel('Idle time before a wrapped instance is ended (minutes)')
  await idle.fill('half')
  await idle.press('Enter')
  await expect(diff).toHaveCount(0)
  await idle.fill('0,5')
  await idle.press('Enter')
  await expect(diff).toContainText('+idle_shutdown_minutes: 0.5')
  writeFileSync(file, `${TEXT}# theirs\n`)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toContainText('has changed since you opened it')
  expect(readFileSync(file, 'utf8')).toBe(`${TEXT}# theirs\n`)
  await dialog.getByRole('button', { name: 'Back' }).click()

  const own = join(backend.stateFolder, 'settings.json')
  await dialog.getByLabel('Publish the instances in instances.json').selectOption('No')
  await expect
    .poll(() => (existsSync(own) ? readFileSync(own, 'utf8') : ''))
    .toContain('"publishRegistry": false')
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(page.getByRole('button', { name: 'Menu' })).toBeFocused()
  expect(deck.complaints).toEqual([])
})

test('marks a tab as new until it is opened, and keeps its name', async ({ deck }) => {
  await deck.standIn({ project: { name: 'first', path: '/srv/first' } })
  await deck.backend.call('sweep')
  await deck.open()
  await expect(deck.tab(/first/)).toBeVisible()
  await expect(deck.tab(/first/)).not.toContainText('new')
  const second = await deck.standIn({ project: { name: 'second', path: '/srv/second' } })
  const tab = deck.tab(`${second.pid} - second, live`)
  await expect(tab).toContainText('new')
  await tab.click()
  await expect(tab).not.toContainText('new')
  expect(deck.complaints).toEqual([])
})

test('opens the tab that the address names', async ({ deck }) => {
  const { page, backend } = deck
  const standIn = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const { instances } = await backend.call('sweep')
  const { openUrl } = await backend.call('openUrl')
  await page.goto(`${openUrl}.${instances[0]?.id}`)
  await expect(deck.tab(`${standIn.pid} - shop, live`)).toHaveAttribute('aria-selected', 'true')
  expect(page.url()).toBe(backend.url)
})
