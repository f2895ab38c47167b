// Hostile names in every place of the page that shows foreign text: text stays text, and hidden or reordering characters are shown
// as escapes.
import { HOSTILE_NAME } from '../../extensions/backend/demo/stand-in-hostile.ts'
import { type DeckPage, expect, test } from './deck-page.ts'

/** The name as the page shows it: hidden and reordering characters as escapes, the rest unchanged. */
const SPELLED = HOSTILE_NAME.replace('\u202E', '\\u{202E}').replace('\u200B', '\\u{200B}')

async function expectOnlyText({ page, complaints }: DeckPage): Promise<void> {
  expect(await page.locator('img, iframe, object, embed, body script').count()).toBe(0)
  expect(await page.locator('[onerror], [onload], a[href^="javascript"]').count()).toBe(0)
  const hidden = await page.evaluate(() => /[\u202E\u200B]/.test(document.body.innerText))
  expect(hidden).toBe(false)
  expect(complaints).toEqual([])
}

test.beforeEach(async ({ deck }) => {
  deck.page.on('dialog', (dialog) => {
    deck.complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await deck.page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  await deck.standIn({
    isHostile: true,
    project: { name: 'x', path: `/srv/${HOSTILE_NAME.replaceAll('/', '')}` },
    news: { '20261001': `<p>${HOSTILE_NAME}</p><script>alert(3)</script>` },
    newerVersion: HOSTILE_NAME,
    runningTask: `Task-7:${HOSTILE_NAME}`,
  })
  await deck.open()
})

test('shows hostile text in tab, title, verdict, configuration, news, lists and tooltips', async ({
  deck,
}) => {
  const { page } = deck
  await deck.tabs().nth(1).click()
  await expect(page.getByRole('article').getByRole('heading', { level: 2 })).toContainText(SPELLED)
  expect(await page.title()).toContain(SPELLED)
  await expect(page.getByRole('region', { name: 'Current Configuration' })).toContainText(
    `${SPELLED} available`,
  )
  await expect(page.getByRole('region', { name: 'Serena news' })).toContainText('\\u{202E}')
  // Open every section and its parts.
  const folded = page.locator('.overview button[aria-expanded=false]')
  while ((await folded.count()) > 0) await folded.first().click()
  const parts = [
    'Registered Projects',
    'Available Tools',
    'Available Modes',
    'Available Contexts',
    'Tool Usage',
  ]
  for (const name of [...parts, /^Active Tools/, /^Active Functions/])
    await expect(page.getByRole('region', { name })).toContainText(SPELLED)
  for (const name of ['Active modes', 'Agent interface', 'Language servers', 'File encoding', 'Client'])
    await expect(page.locator('.fact').filter({ hasText: name }).first()).toContainText(SPELLED)
  const titles = await page
    .locator('[title]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('title')))
  expect(titles.filter((title) => /[\u202E\u200B]/.test(title ?? ''))).toEqual([])
  const labels = await page
    .locator('[aria-label]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  expect(labels.filter((label) => /[\u202E\u200B]/.test(label ?? ''))).toEqual([])
  await expectOnlyText(deck)
})

test('shows hostile text in the memory dialog, and keeps typed text unchanged', async ({ deck }) => {
  const { page } = deck
  await deck.tabs().nth(1).click()
  await page.getByRole('region', { name: 'Memories' }).getByRole('button', { name: SPELLED }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('heading')).toContainText(SPELLED)
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expectOnlyText(deck)
})

test('shows hostile text in confirmations, menu, executions and messages after an action', async ({
  deck,
}) => {
  const { page } = deck
  await deck.tabs().nth(1).click()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Abandon …' }).click()
  await expect(dialog.getByRole('heading')).toContainText(SPELLED)
  await expectOnlyText(deck)
  await dialog.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(page.locator('.app__announcement')).toContainText(SPELLED)
  await expect(page.getByRole('list', { name: 'Cancelled Executions' })).toContainText(SPELLED)
  await page.getByRole('button', { name: 'Remove typescript' }).click()
  await expect(dialog).toContainText(SPELLED)
  await expectOnlyText(deck)
  await page.keyboard.press('Escape')
  for (const item of ['Shut down …', "Edit Serena's configuration …"]) {
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await expectOnlyText(deck)
    await page.getByRole('menuitem', { name: item }).click()
    await expect(dialog.getByRole('heading')).toContainText(SPELLED)
    await expectOnlyText(deck)
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
})

test('shows hostile text in All: table, groups, merged log, totals', async ({ deck }) => {
  const { page } = deck
  await page.setViewportSize({ width: 1400, height: 900 })
  await expect(page.getByRole('table')).toContainText(SPELLED)
  await page.getByRole('button', { name: 'Columns and groups' }).click()
  await page.getByRole('menuitemradio', { name: 'By project' }).click()
  await page.keyboard.press('Escape')
  await expect(page.locator('.all__group')).toContainText(SPELLED)
  await expectOnlyText(deck)
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  const log = page.getByRole('log', { name: 'Log of all instances' })
  await page.getByLabel('Search the log').fill('script>')
  await expect(log).toContainText('<script>')
  await expect(log).toContainText(SPELLED)
  await page.getByLabel('Search the log').fill('zero')
  await expect(log).toContainText('\\u{202E}gpj.exe and \\u{200B}zero')
  await expectOnlyText(deck)
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(page.getByText('Includes 1 of 1 instances')).toBeVisible()
  await expectOnlyText(deck)
})
