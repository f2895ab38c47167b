// Addresses that name a tab and a view, labels with an undo, and a project that is left alone.
import { runCli } from '../helpers/cli.ts'
import { expectNoViolationsInThemes } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

test('an address opens the tab with the view that it names, and names the views when it knows none of that name', async ({
  deck,
}) => {
  const { page, backend } = deck
  const standIn = await deck.standIn({ project: { name: 'shop', path: deck.serenaHome } })
  const target = `port:${standIn.port()}`
  const address = async (...words: string[]): Promise<string> =>
    (await runCli(['open', '--print', ...words], { env: backend.env })).stdout.trim()
  const logs = await address(target, '--view', 'logs')
  expect(logs).toMatch(/#[\w-]+\.\d+-[0-9a-f]{12}\.logs$/)
  await page.goto(logs)
  await expect(page.getByRole('tab', { name: 'Logs' })).toHaveAttribute('aria-selected', 'true')
  await expect(deck.tab(/shop/)).toHaveAttribute('aria-selected', 'true')

  await page.goto('about:blank')
  await page.goto(await address('--view', 'history'))
  await expect(page.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true')

  await page.goto('about:blank')
  const { openUrl } = await backend.call('openUrl')
  await page.goto(`${openUrl}.all.nonsense`)
  await expect(page.getByText(/^Unknown view 'nonsense' of all instances: use table, /)).toBeVisible()

  for (const words of [
    ['--view', 'nonsense'],
    [target, '--view', 'hub'],
    ['--view', 'overview'],
  ]) {
    const { code, stderr } = await runCli(['open', '--print', ...words], { env: backend.env })
    expect([words, code]).toEqual([words, 2])
    expect(stderr).toMatch(/Unknown view '\w+' of .*: use .* or \w+\./)
  }
  expect(deck.complaints).toEqual([])
})

test('keeps label, note and "leave alone" of a project, and undoes the last change', async ({ deck }) => {
  const { page, backend } = deck
  await deck.standIn({ project: { name: 'shop', path: deck.serenaHome } })
  await deck.open()
  await deck.tab(/shop/).click()
  const choose = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await choose('Label and note …')
  await page.getByRole('textbox', { name: 'Label' }).fill('billing')
  await page.getByRole('textbox', { name: 'Note' }).fill('until June')
  await page.getByRole('button', { name: 'Save' }).click()
  const heading = page.locator('.verdict__title')
  await expect(heading).toContainText('billing')
  await expect(page.getByText('until June')).toBeVisible()

  await choose('Leave it alone')
  await expect(heading).toContainText('left alone')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(heading).not.toContainText('left alone')
  await expect(heading).toContainText('billing')
  const { instances } = await backend.call('instances')
  expect(instances[0]).toMatchObject({ label: 'billing', note: 'until June' })
  expect(instances[0]?.isLeftAlone).toBeUndefined()

  // Its client runs without a screen: a sentence says where to look.
  await choose('Go to its terminal or editor')
  await expect(page.getByText(/^(Look for|It is in|Its client) .*\.$/)).toBeVisible()
  expect(deck.complaints).toEqual([])
})

test('axe finds nothing in the actions of an instance, their dialogs and the message with an undo', async ({
  deck,
}) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: deck.serenaHome } })
  await deck.open()
  await deck.tab(/shop/).click()
  const menu = page.getByRole('button', { name: /^Actions for/ })
  await menu.click()
  await expect(page.getByRole('menuitem', { name: 'MCP configuration …' })).toBeVisible()
  // An open menu is outside every landmark.
  await expectNoViolationsInThemes(page, 'Actions', { without: ['region'] })
  await page.getByRole('menuitem', { name: 'MCP configuration …' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('"mcpServers"')).toBeVisible()
  await expectNoViolationsInThemes(page, 'MCP configuration')
  await page.keyboard.press('Escape')
  await menu.click()
  await page.getByRole('menuitem', { name: 'Label and note …' }).click()
  await dialog.getByRole('checkbox').check()
  await expectNoViolationsInThemes(page, 'Label')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await expectNoViolationsInThemes(page, 'left alone')
  expect(deck.complaints).toEqual([])
})
