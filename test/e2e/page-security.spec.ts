// Checks that need a real browser: the content security policy, the locked page, and no requests to other hosts.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './deck-page.ts'

test('shows hostile names and log lines as text, without violations of the policy', async ({ deck }) => {
  const { page } = deck
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  const outside: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(deck.backend.url).origin) outside.push(request.url())
  })
  page.on('dialog', (dialog) => {
    deck.complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await mkdir(deck.serenaHome, { recursive: true })
  await writeFile(join(deck.serenaHome, 'instances.json'), '{"<img src=x onerror=alert(1)>": ')
  const standIn = await deck.standIn({ isHostile: true, project: { name: 'x', path: '/srv/x' } })
  await deck.open()
  await deck.tabs().nth(1).click()
  await expect(page.getByRole('heading', { name: 'Memories' })).toBeVisible()
  await expect(page.getByText('<img', { exact: false }).first()).toBeVisible()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  // Only visible rows are rendered, so the test searches for each line.
  await page.getByLabel('Search the log').fill('C1 control')
  await expect(page.getByRole('log')).toContainText('\\u{009B}31m')
  await page.getByLabel('Search the log').fill('script>')
  await expect(page.getByRole('log')).toContainText('<script>')
  await page.getByLabel('Search the log').fill(']52;c;')
  await expect(page.getByRole('log')).toContainText('\\u{001B}]52;c;')
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.keyboard.press('Escape')
  await deck.tab('All').click()
  await expect(page.getByRole('table')).toContainText(String(standIn.pid))

  expect(await page.locator('img, iframe, object, embed, body script').count()).toBe(0)
  expect(await page.locator('[onerror], [onload], a[href^="javascript"]').count()).toBe(0)
  expect(deck.complaints).toEqual([])
  expect(outside).toEqual([])
})

test('offers to reload when the backend has another version', async ({ deck }) => {
  const hello = { type: 'hello', schema: 99, version: '9.0.0', streamId: 's' }
  await deck.page.route('**/api/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(hello)}\n\n` }),
  )
  const { openUrl } = await deck.backend.call('openUrl')
  await deck.page.goto(openUrl)
  await expect(deck.page.getByText('Serena Deck was updated. Reload this page.')).toBeVisible()
  await deck.page.unroute('**/api/events')
  await deck.page.getByRole('button', { name: 'Reload' }).click()
  await expect(deck.tab('All')).toBeVisible()
})

test('without a key, explains how to open the page, and shows nothing else', async ({ deck }) => {
  const shop = await deck.standIn({ project: { name: 'secret-shop', path: '/srv/shop' } })
  await deck.page.goto(deck.backend.url)
  await expect(deck.page.getByText('serena-deck open')).toBeVisible()
  await expect(deck.page.getByRole('tab')).toHaveCount(0)
  expect(await deck.page.content()).not.toContain(String(shop.pid))
})

test('the key works once, is removed from the address bar, and the session lasts as long as the tab', async ({
  deck,
  context,
}) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const { openUrl } = await deck.backend.call('openUrl')
  await deck.page.goto(openUrl)
  await expect(deck.tab(/shop/)).toBeVisible()
  expect(deck.page.url()).toBe(deck.backend.url)
  await deck.page.reload()
  await expect(deck.tab(/shop/)).toBeVisible()
  const other = await context.newPage()
  await other.goto(openUrl)
  await expect(other.getByText('serena-deck open')).toBeVisible()
})

test('shows the last known tabs after a reload before the backend responds', async ({ deck }) => {
  const shop = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
  await deck.page.route('**/api/events', () => undefined) // never answered
  await deck.page.reload()
  await expect(deck.tab(`${shop.pid} - shop, live`)).toBeVisible()
})
