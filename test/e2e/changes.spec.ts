// Changing an instance from its tab, in the browser, against a real Serena.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../helpers/processes.ts'
import { hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTypeScriptProject } from '../helpers/temp-home.ts'
import { expectNoViolations } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

test.describe('a real Serena', () => {
  test.skip(!hasSerena(), 'serena-agent could not be installed')

  test('changes memories, statistics, log and configuration, and shuts down', async ({ deck }) => {
    const { page } = deck
    const project = await makeTypeScriptProject(deck.scope)
    const serena = await startSerena(deck.scope, { serenaHome: deck.serenaHome, project: project.path })
    const file = (name: string): string => join(project.path, '.serena', 'memories', `${name}.md`)
    await serena.callTool('list_dir', { relative_path: '.', recursive: false })
    await deck.open()
    await deck.tab(/demo-ts/).click()

    await page.getByRole('button', { name: 'New memory …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('../outside')
    await expect(dialog.getByText('A name cannot lead outside the memory folder.')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
    await dialog.getByLabel('Name').fill('style/notes')
    await dialog.getByLabel('Content').fill('# Notes\n')
    await expectNoViolations(page, 'New memory')
    await page.keyboard.press('Escape')
    await expect(dialog.getByText('Discard unsaved changes?')).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved style/notes.')).toBeVisible()
    await expect
      .poll(() => existsSync(file('style/notes')) && readFileSync(file('style/notes'), 'utf8'))
      .toBe('# Notes\n')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

    await page.getByRole('button', { name: 'style/notes' }).click()
    await expect(dialog.getByLabel('Content')).toHaveValue('# Notes\n')
    await dialog.getByLabel('Content').fill('# Mine\n')
    writeFileSync(file('style/notes'), '# Theirs\n')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByRole('alert')).toContainText('has changed since you opened it')
    await expect(dialog.getByLabel('Content')).toHaveValue('# Mine\n')
    expect(readFileSync(file('style/notes'), 'utf8')).toBe('# Theirs\n')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await dialog.getByRole('button', { name: 'Discard' }).click()

    await page.getByRole('button', { name: 'style/notes' }).click()
    await expect(dialog.getByLabel('Content')).toHaveValue('# Theirs\n')
    await dialog.getByRole('button', { name: 'Delete …' }).click()
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(() => existsSync(file('style/notes'))).toBe(false)
    await expect(page.getByRole('button', { name: 'style/notes' })).toHaveCount(0)

    await page.getByRole('tab', { name: 'Stats', exact: true }).click()
    await expect(page.getByRole('listitem', { name: /^list_dir/ })).toBeVisible()
    await page.getByRole('button', { name: 'Clear …' }).click()
    await dialog.getByRole('button', { name: 'Clear', exact: true }).click()
    await expect(page.getByText('No tool calls yet.')).toBeVisible()

    await page.getByRole('tab', { name: 'Logs', exact: true }).click()
    await expect(page.getByRole('log')).toContainText('INFO')
    await page.getByRole('button', { name: 'Clear …' }).click()
    await dialog.getByRole('button', { name: 'Clear', exact: true }).click()
    await expect(page.getByRole('log')).not.toContainText('Initializing Serena MCP server')

    const configuration = join(deck.serenaHome, 'serena_config.yml')
    const secret = /^auth_secret: (\S+)/m.exec(readFileSync(configuration, 'utf8'))?.[1] ?? 'none'
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: "Edit Serena's configuration …" }).click()
    const text = dialog.getByLabel('Configuration')
    await expect(text).toHaveValue(/auth_secret: "\*+"/)
    expect(await text.inputValue()).not.toContain(secret)
    await text.fill((await text.inputValue()).replace('log_level: 20', 'log_level: 10'))
    await dialog.getByRole('button', { name: 'Review changes' }).click()
    await expect(dialog.getByLabel('Changes')).toContainText('+log_level: 10')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => readFileSync(configuration, 'utf8')).toContain('log_level: 10')
    expect(readFileSync(configuration, 'utf8')).toContain(secret)
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Shut down …' }).click()
    await dialog.getByRole('button', { name: 'Shut down' }).click()
    await expect.poll(() => isAlive(serena.mark)).toBe(false)
    await expect(deck.tabs()).toHaveCount(1)
    expect(deck.complaints).toEqual([])
  })
})

test.describe('two pages on one backend', () => {
  test.skip(!hasSerena(), 'serena-agent could not be installed')

  test('show the same data, and neither loses typed text', async ({ deck }) => {
    const project = await makeTypeScriptProject(deck.scope)
    await startSerena(deck.scope, { serenaHome: deck.serenaHome, project: project.path })
    await deck.open()
    const other = await deck.page.context().newPage()
    await other.goto((await deck.backend.call('openUrl')).openUrl)
    for (const page of [deck.page, other])
      await page
        .getByRole('tablist', { name: 'Serena instances' })
        .getByRole('tab', { name: /demo-ts/ })
        .click()
    await other.getByRole('button', { name: 'New memory …' }).click()
    await other.getByLabel('Name').fill('mine')
    await other.getByLabel('Content').fill('half a sentence')

    await deck.page.getByRole('button', { name: 'New memory …' }).click()
    await deck.page.getByLabel('Name').fill('theirs')
    await deck.page.getByLabel('Content').fill('# Theirs\n')
    await deck.page.getByRole('button', { name: 'Save' }).click()
    await expect(deck.page.getByText('Saved theirs.')).toBeVisible()

    // Behind the dialog the list has the new memory; the typed text and the focus are unchanged.
    await expect(other.getByText('theirs', { exact: true })).toBeVisible({ timeout: 40_000 })
    await expect(other.getByLabel('Content')).toHaveValue('half a sentence')
    await expect(other.getByLabel('Content')).toBeFocused()
    await other.getByRole('button', { name: 'Save' }).click()
    await expect(other.getByText('Saved mine.')).toBeVisible()
    await deck.page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect(deck.page.getByRole('button', { name: 'mine', exact: true })).toBeVisible({
      timeout: 40_000,
    })
    expect(deck.complaints).toEqual([])
  })
})

test('keeps typed text after its instance exits', async ({ deck }) => {
  const { page } = deck
  const standIn = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).click()
  await page.getByRole('button', { name: 'project_overview' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Content').fill('precious words')
  await standIn.stop()
  // The dialog hides the rest from assistive technology only.
  await expect(page.getByText('has exited.')).toBeVisible()
  await expect(dialog.getByLabel('Content')).toHaveValue('precious words')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(dialog.getByLabel('Content')).toHaveValue('precious words')
})

test('reports an instance that was shut down from its tab, without page errors', async ({ deck }) => {
  const { page } = deck
  const standIn = await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop, live/).click()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Shut down …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Shut down', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.locator('.app__announcement')).toHaveText(`${standIn.pid} - shop has exited.`)
  await expect(deck.tab(/shop/)).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

for (const version of ['2.1.0', '1.0.0'])
  test(`shows the news of a ${version} as text, newest first, until they are marked as read`, async ({
    deck,
  }) => {
    const { page } = deck
    await deck.standIn({
      version,
      project: { name: 'shop', path: '/srv/shop' },
      news: {
        '20261001': '<h1>Older</h1>',
        '20261101': '<p>Newer <b>thing</b></p><img src=x onerror=alert(1)><script>alert(2)</script>',
      },
    })
    await deck.open()
    await deck.tab(/shop/).click()
    const news = page.getByRole('region', { name: 'Serena news' })
    await expect(news.getByRole('article')).toHaveText([/^Newer thing/, /^Older/])
    await news.getByRole('button', { name: 'Mark as read' }).first().click()
    await expect(news.getByRole('article')).toHaveText([/^Older/])
    expect(await page.locator('img').count()).toBe(0)
    expect(deck.complaints).toEqual([])
  })

test('abandons a waiting execution after an explanation', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({
    project: { name: 'shop', path: '/srv/shop' },
    runningTask: 'Task-7:ExecuteShellCommandTool',
  })
  await deck.open()
  await deck.tab(/shop/).click()
  await page.getByRole('button', { name: 'Abandon …' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('The work itself continues')
  await dialog.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(page.getByText(/Abandoned Task-7|had already finished/)).toBeVisible()
})

test('changes whether Serena opens its dashboard on start', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  await deck.open()
  await deck.tab(/shop/).click()
  const choice = page.getByLabel('Open the dashboard in the browser on start')
  await expect(choice).not.toBeChecked()
  await choice.click()
  await expect(page.getByText('Serena opens its dashboard on each start.')).toBeVisible()
  await expect(choice).toBeChecked()
})
