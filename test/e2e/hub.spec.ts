// The hub on the page: its clients, a Serena that is asleep, a detached client, and the change of a client's configuration.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hubClient, hubSerena } from '#contract/hub.fixture'
import { type ObservedHub, startObservedHub } from '../helpers/observed-hub.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { expectNoViolationsInThemes } from './axe-scan.ts'
import { type DeckPage, expect, test } from './deck-page.ts'

const CLIENTS = [
  hubClient({ name: 'Claude Code', running: 1, recentCalls: 15 }),
  hubClient({ id: 'c2', name: 'Cursor', folder: '/srv/shop/web', waiting: 2 }),
]

async function startHub(deck: DeckPage): Promise<ObservedHub> {
  const { pid } = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const serenaHome = deck.serenaHome
  return startObservedHub(deck.scope, join(deck.backend.stateFolder, 'hub', 'hub.sock'), {
    serenas: [
      hubSerena({ pid, state: 'running', serenaHome, clients: CLIENTS }),
      hubSerena({ id: 's2', project: { name: 'billing', path: '/srv/billing' }, serenaHome }),
    ],
  })
}

test('shows its Serenas, also those asleep, and its clients, and detaches a client', async ({ deck }) => {
  const { page } = deck
  const hub = await startHub(deck)
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await expect(deck.tab(/shop, live/)).toContainText('2 clients')
  await deck.tab('hub - billing, asleep').click()
  await expect(page.getByText('The next call starts it again.')).toBeVisible()
  await expectNoViolationsInThemes(page, 'asleep')

  await deck.tab(/shop, live/).click()
  const section = page.getByRole('region', { name: 'Clients' })
  await expect(section.getByRole('listitem')).toHaveCount(2)
  await expect(section).toContainText('1 call running')
  await expectNoViolationsInThemes(page, 'clients')

  await deck.tab('All').click()
  await page.getByRole('tab', { name: 'Hub', exact: true }).click()
  const list = page.getByRole('list', { name: 'Serenas of the hub' })
  await expect(list.getByRole('button', { name: 'shop', exact: true })).toBeVisible()
  const picture = page.getByRole('figure', { name: 'Clients and Serenas' })
  await expect(picture.getByRole('img')).toHaveAccessibleName(
    /^2 clients on 2 Serenas · 1 asleep · 3 calls\/min · 1 running, 2 waiting/,
  )
  await expectNoViolationsInThemes(page, 'Hub')
  await picture.getByRole('button', { name: 'Table' }).click()
  await expect(picture.getByRole('row', { name: /Claude Code/ })).toContainText('3')
  await expectNoViolationsInThemes(page, 'Hub, as a table')
  await picture.getByRole('button', { name: 'Table' }).click()
  await page.setViewportSize({ width: 420, height: 760 })
  await expectNoViolationsInThemes(page, 'Hub, narrow')

  await list.getByRole('button', { name: 'Detach Cursor (c2)' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click()
  await expect.poll(() => hub.controls).toEqual([{ action: 'detach', target: 'c2' }])
  const [running, asleep] = hub.status.serenas
  if (running && asleep) hub.change({ serenas: [{ ...running, clients: CLIENTS.slice(0, 1) }, asleep] })
  await expect(list.getByRole('button', { name: /^Detach/ })).toHaveCount(1)
  await hub.stop()
  await expect(page.getByRole('heading', { name: 'The hub is not running.' })).toBeVisible()
  await expect(deck.tab(/asleep/)).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

test('moves the clients of a project to the hub, and back', async ({ deck }) => {
  const { page } = deck
  const folder = await makeTempFolder(deck.scope, 'project')
  const file = join(folder, '.cursor', 'mcp.json')
  const text = `${JSON.stringify({ mcpServers: { serena: { command: 'serena', args: ['start-mcp-server'] } } }, null, 2)}\n`
  mkdirSync(join(folder, '.cursor'))
  writeFileSync(file, text)
  const project = { name: 'shop', path: folder }
  await deck.standIn({ project })
  await deck.standIn({ project })
  await page.setViewportSize({ width: 900, height: 700 })
  await deck.open()
  await deck
    .tab(/shop, live/)
    .first()
    .click()
  await page.getByRole('button', { name: 'Share this project …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /\.cursor\/mcp\.json$/ }).check()
  await expectNoViolationsInThemes(page, 'Share this project')
  await dialog.getByRole('button', { name: 'Change 1 file' }).click()
  await expect(dialog.getByText('Changed', { exact: true })).toBeVisible()
  expect(readFileSync(file, 'utf8')).toContain('"connect"')
  await dialog.getByRole('button', { name: /^Undo the change of/ }).click()
  await expect(dialog.getByText('Changed', { exact: true })).toHaveCount(0)
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(deck.complaints).toEqual([])
})
