// The Settings page, the tab that is new, and the tab that the page was opened for; in the browser.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './deck-page.ts'

const TEXT =
  '# mine\nlanguage_backend: LSP\nweb_dashboard_open_on_launch:  # nobody knows\nauth_secret: 0123456789\nprojects: []\n'

test('stop the pop-ups, by the differences; single keys; our own settings', async ({ deck }) => {
  const { page, serenaHome, backend } = deck
  const file = join(serenaHome, 'serena_config.yml')
  writeFileSync(file, TEXT)
  await deck.open()
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog.getByText('because nobody has chosen yet')).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])

  await dialog.getByRole('button', { name: 'Stop the pop-ups …' }).click()
  const diff = dialog.getByLabel('What would change')
  await expect(diff).toContainText('+web_dashboard_open_on_launch: false  # nobody knows')
  await expect(diff).not.toContainText('0123456789')
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog.getByRole('button', { name: 'Stop the pop-ups …' })).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(TEXT)
  await dialog.getByRole('button', { name: 'Stop the pop-ups …' }).click()
  await dialog.getByRole('button', { name: 'Write it' }).click()
  await expect(dialog.getByText('open no page of their own')).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(TEXT.replace('on_launch:  #', 'on_launch: false  #'))

  const home = dialog.getByRole('region', { name: /^Settings of/ })
  const global = home.getByLabel('Use the one global dashboard, and open no other')
  await global.selectOption('Yes')
  await expect(diff).toContainText('+web_dashboard_global: true')
  await dialog.getByRole('button', { name: 'Back' }).click()
  await expect(global).toHaveValue('')
  const idle = home.getByLabel('End an instance under wrap after so many minutes without a tool call')
  await idle.fill('half')
  await idle.press('Enter')
  await expect(diff).toHaveCount(0)
  await idle.fill('0,5')
  await idle.press('Enter')
  await expect(diff).toContainText('+idle_shutdown_minutes: 0.5')
  writeFileSync(file, `${TEXT}# theirs\n`)
  await dialog.getByRole('button', { name: 'Write it' }).click()
  await expect(dialog.getByRole('alert')).toContainText('was changed by somebody else')
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

test('a tab that comes while the page is open is new until it is opened; its name stays', async ({
  deck,
}) => {
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

test('the page opens on the tab that its address names', async ({ deck }) => {
  const { page, backend } = deck
  const standIn = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const { instances } = await backend.call('sweep')
  const { openUrl } = await backend.call('openUrl')
  await page.goto(`${openUrl}.${instances[0]?.id}`)
  await expect(deck.tab(`${standIn.pid} - shop, live`)).toHaveAttribute('aria-selected', 'true')
  expect(page.url()).toBe(backend.url)
})
