// The page with older Serenas: missing features are explained, and nothing is broken.
import { hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTypeScriptProject } from '../helpers/temp-home.ts'
import { expect, test } from './deck-page.ts'

const project = { name: 'shop', path: '/srv/shop' }

for (const version of ['1.5.3', '1.0.0'] as const) {
  test(`${version}: shows everything it supports, and no rows for what it lacks`, async ({ deck }) => {
    const { page } = deck
    await deck.standIn({ version, project })
    await deck.open()
    await deck.tab(/shop, live/).click()
    const fact = (name: string) => page.locator('.fact dt').filter({ hasText: new RegExp(`^${name}$`) })
    await expect(fact('Active project')).toHaveCount(1)
    await expect(fact('Language servers')).toHaveCount(1)
    await expect(fact('Serena version')).toHaveCount(version === '1.0.0' ? 0 : 1)
    for (const younger of ['Agent interface', 'Language backend', 'Open on launch'])
      await expect(fact(younger)).toHaveCount(0)
    await expect(page.getByText('trusted')).toHaveCount(0)
    await expect(page.getByRole('heading', { name: /^Active Functions/ })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Serena news' })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Executions Queue' })).toContainText(
      'No running or queued executions.',
    )
    await page.getByRole('button', { name: 'project_overview' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('Content')).toHaveValue(/^# Overview/)
    await dialog.getByLabel('Content').fill('# Mine\n')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved project_overview.')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Logs', exact: true }).click()
    await expect(page.getByRole('log')).toContainText('INFO')
    await page.getByRole('tab', { name: 'Stats', exact: true }).click()
    await expect(page.getByRole('listitem', { name: /^find_symbol/ })).toBeVisible()
    expect(deck.complaints).toEqual([])
  })
}

test('0.1.4: shows log and statistics, shuts down, and explains missing features', async ({ deck }) => {
  const { page } = deck
  const standIn = await deck.standIn({ version: '0.1.4', project })
  await deck.open()
  const tab = deck.tab(new RegExp(`^${standIn.pid}`))
  await tab.click()
  await expect(page.getByText('No configuration available.')).toBeVisible()
  await expect(page.getByText('Available since Serena 1.0.0.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Memories' })).toHaveCount(0)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: "Edit Serena's configuration …" }).click()
  await expect(dialog.getByRole('alert')).toContainText('added in 1.0.0')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('log')).toContainText('INFO')
  await page.getByRole('button', { name: 'Clear …' }).click()
  await dialog.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('added in 1.0.0')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('log')).toContainText('INFO')

  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(page.getByRole('listitem', { name: /^find_symbol/ })).toBeVisible()
  await page.getByRole('button', { name: 'Clear …' }).click()
  await dialog.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(page.getByText('No tool calls yet.')).toBeVisible()

  await deck.tab('All').click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('log', { name: 'Log of all instances' })).toContainText('INFO')
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(page.getByText('Includes 1 of 1 instances')).toBeVisible()

  await tab.click()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Shut down …' }).click()
  await dialog.getByRole('button', { name: 'Shut down' }).click()
  await expect(deck.tabs()).toHaveCount(1)
  expect(deck.complaints).toEqual([])
})

for (const version of ['1.0.0', '1.5.3', '1.7.0'] as const) {
  test(`a real ${version}`, async ({ deck }) => {
    test.skip(!hasSerena(version), `serena-agent ${version} is not installed`)
    const { page } = deck
    const project = await makeTypeScriptProject(deck.scope)
    const serena = await startSerena(deck.scope, {
      version,
      serenaHome: deck.serenaHome,
      project: project.path,
    })
    await serena.callTool('list_dir', { relative_path: '.', recursive: false })
    await deck.open()
    await deck.tab(/demo-ts, live/).click()
    await expect(page.locator('.fact').filter({ hasText: 'Context' })).toContainText('desktop-app')
    await expect(page.locator('.fact').filter({ hasText: 'Language servers' })).toContainText('typescript')
    await expect(page.getByRole('region', { name: 'Tool Usage' })).toContainText('list_dir')
    await expect(page.getByRole('region', { name: 'Last Execution' })).toContainText('succeeded')
    await page.getByRole('tab', { name: 'Logs', exact: true }).click()
    await expect(page.getByRole('log')).toContainText('INFO')
    await page.getByRole('tab', { name: 'Stats', exact: true }).click()
    await expect(page.getByRole('listitem', { name: /^list_dir/ })).toBeVisible()
    expect(deck.complaints).toEqual([])
  })
}
