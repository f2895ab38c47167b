// The features of the stock page, row by row of docs/dev/parity.md, with a real Serena.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasSerena, startSerena } from '../helpers/serena.ts'
import { makeTypeScriptProject } from '../helpers/temp-home.ts'
import { expect, test } from './deck-page.ts'

test.describe('a real Serena', () => {
  test.skip(!hasSerena(), 'serena-agent could not be installed')

  test('shows every fact of Current Configuration and of the lists for a REPL', async ({ deck }) => {
    const { page } = deck
    const project = await makeTypeScriptProject(deck.scope)
    await mkdir(join(project.path, '.serena', 'memories'), { recursive: true })
    await writeFile(join(project.path, '.serena', 'memories', 'one.md'), 'x')
    await startSerena(deck.scope, {
      serenaHome: deck.serenaHome,
      project: project.path,
      agentInterface: 'repl',
    })
    await deck.open()
    await deck.tab(/demo-ts/).click()
    await expect(page).toHaveTitle(/\d+ - demo-ts – Serena Deck/)
    await expect(page.locator('.verdict__facts').filter({ hasText: 'Owner' })).toContainText('node')
    const fact = (name: string) =>
      page.locator('.fact').filter({ has: page.getByText(name, { exact: true }) })
    await expect(fact('Serena version')).toContainText('2.1.0')
    await expect(fact('Active project')).toContainText('not trusted')
    await expect(fact('Active project').getByText('demo-ts', { exact: true })).toHaveAttribute(
      'title',
      /demo-ts\/\.serena\/project\.yml$/,
    )
    await expect(
      fact('Active project').getByRole('link', { name: 'About trusted projects' }),
    ).toHaveAttribute('href', /^https:\/\/oraios\.github\.io\/.*#trusted-projects$/)
    // The row Language servers shows the same.
    await expect(fact('Languages')).toHaveCount(0)
    await expect(fact('Context')).toContainText('desktop-app')
    await expect(fact('Active modes')).toContainText('editing')
    await expect(fact('Active modes')).toContainText('interactive')
    await expect(fact('Agent interface')).toContainText('REPL')
    await expect(fact('Language backend')).toContainText('LSP')
    await expect(fact('Language servers')).toContainText('typescript')
    await expect(fact('File encoding')).toContainText('utf-8')
    await expect(page.getByRole('link', { name: 'Configuration guide' })).toHaveAttribute(
      'href',
      /050_configuration\.html$/,
    )
    await expect(page.getByRole('heading', { name: /^Active Tools \([1-9]\d*\)$/ })).toBeVisible()
    await expect(page.getByRole('heading', { name: /^Active Functions \([1-9]\d*\)$/ })).toBeVisible()
    await page.getByRole('button', { name: /^Active Functions/ }).click()
    await expect(page.locator('.facade').filter({ hasText: 's.mem' })).toHaveCount(1)
    await expect(page.locator('.facade__name').filter({ hasText: 's.ext (off)' })).toHaveCount(1)
    await expect(page.getByRole('button', { name: 'one', exact: true })).toBeVisible()

    const section = (name: string) => page.getByRole('region', { name, exact: true })
    for (const name of ['Available Tools', 'Available Modes', 'Available Contexts', 'Registered Projects']) {
      const fold = page.getByRole('button', { name, exact: true })
      if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
    }
    await expect(section('Registered Projects').locator('li').first()).toContainText(/demo-ts\s*active/)
    await expect(section('Registered Projects')).toContainText(project.path.split('/').at(-2) ?? '')
    await expect(section('Available Tools').locator('li').first()).toBeVisible()
    await expect(
      section('Available Modes').locator('li').filter({ hasText: 'planning' }).first(),
    ).toHaveAttribute('title', /planning\.yml$/)
    const contexts = section('Available Contexts').locator('li')
    await expect(contexts.first()).toContainText(/desktop-app\s*active/)
    await expect(contexts.first()).toHaveAttribute('title', /desktop-app\.yml$/)
    expect(deck.complaints).toEqual([])
  })

  test('renames a memory, adds and removes a language', async ({ deck }) => {
    const { page } = deck
    const project = await makeTypeScriptProject(deck.scope)
    await startSerena(deck.scope, { serenaHome: deck.serenaHome, project: project.path })
    const file = (name: string): string => join(project.path, '.serena', 'memories', `${name}.md`)
    await deck.open()
    await deck.tab(/demo-ts/).click()
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'New memory …' }).click()
    await expect(dialog).toContainText('global/')
    await dialog.getByLabel('Name').fill('first')
    await dialog.getByLabel('Content').fill('words\n')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved first.')).toBeVisible()
    await expect.poll(() => existsSync(file('first'))).toBe(true)
    await dialog.getByLabel('Name').fill('deep/second')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved deep/second.')).toBeVisible()
    await expect.poll(() => existsSync(file('deep/second'))).toBe(true)
    expect(existsSync(file('first'))).toBe(false)
    expect(readFileSync(file('deep/second'), 'utf8')).toBe('words\n')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect(page.getByRole('button', { name: 'deep/second' })).toBeVisible()

    const servers = page.locator('.languages')
    const settings = (): string => readFileSync(join(project.path, '.serena', 'project.yml'), 'utf8')
    await servers.getByRole('button', { name: 'Remove typescript' }).click()
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(servers.getByRole('button', { name: 'Remove typescript' })).toHaveCount(0, {
      timeout: 15_000,
    })
    await expect.poll(settings).not.toMatch(/^- typescript$/m)
    await servers.getByRole('button', { name: 'Add …' }).click()
    await expect(servers).toContainText('download')
    const wanted = servers.getByLabel('Language to add')
    await expect(servers.locator('datalist option[value="typescript"]')).toHaveCount(1)
    await wanted.fill('klingon')
    await expect(servers.getByRole('button', { name: 'Add', exact: true })).toBeDisabled()
    await wanted.fill('typescript')
    await servers.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(servers.getByRole('button', { name: 'Remove typescript' })).toBeVisible({ timeout: 60_000 })
    await expect.poll(settings).toMatch(/^- typescript$/m)
    expect(deck.complaints).toEqual([])
  })

  test('shows the running execution with its age, a canceled one, the last one, tool usage, log and stats', async ({
    deck,
    context,
  }) => {
    const { page } = deck
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const project = await makeTypeScriptProject(deck.scope)
    const serena = await startSerena(deck.scope, { serenaHome: deck.serenaHome, project: project.path })
    await serena.callTool('list_dir', { relative_path: '.', recursive: false })
    await deck.open()
    await deck.tab(/demo-ts/).click()
    const section = (name: string) => page.getByRole('region', { name, exact: true })
    await expect(section('Tool Usage').locator('li').first()).toContainText(/list_dir\s*1/)
    await expect(section('Last Execution')).toContainText(/Task-\d+:\w+/)
    await expect(section('Last Execution')).toContainText(/#\d+/)
    await expect(section('Last Execution')).toContainText('succeeded')

    const done = join(deck.serenaHome, 'done')
    const command = `until [ -e '${done}' ]; do sleep 0.1; done`
    const first = serena.callTool('execute_shell_command', { command })
    const queue = section('Executions Queue')
    await expect(queue).toContainText('running for')
    const second = serena
      .callTool('list_dir', { relative_path: 'src', recursive: false })
      .catch((error: unknown) => String(error))
    const waiting = queue.locator('li').filter({ hasText: 'queued' })
    await expect(waiting).toContainText('ListDirTool')
    await waiting.getByRole('button', { name: 'Abandon …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Abandon', exact: true }).click()
    const cancelled = page.getByRole('list', { name: 'Cancelled Executions' })
    await expect(cancelled).toContainText(/ListDirTool\s*#\d+\s*removed from the queue/)
    await expect(waiting).toHaveCount(0)
    await second
    writeFileSync(done, '')
    await first
    await expect(queue).toContainText('No running or queued executions.')
    await expect(cancelled).toBeVisible()

    await page.getByRole('tab', { name: 'Logs', exact: true }).click()
    const log = page.getByRole('log')
    await page.getByLabel('Search the log').fill('ListDirTool')
    await expect(log.locator('.log__line--info').first()).toBeVisible()
    await page.getByLabel('Search the log').fill('execute_shell')
    await page.getByLabel('Search the log').fill('')
    await expect(log.locator('.log__tool').first()).toHaveText(/^[a-z_]+$/)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await expect(page.getByText(/^Copied \d+ lines\.$/)).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Starting Serena server')

    await page.getByRole('tab', { name: 'Stats', exact: true }).click()
    await expect(page.getByText(/Tokens are estimated with \w+\./)).toBeVisible()
    expect(deck.complaints).toEqual([])
  })

  test('does not overwrite a configuration changed by another program, and keeps typed text', async ({
    deck,
  }) => {
    const { page } = deck
    const project = await makeTypeScriptProject(deck.scope)
    await startSerena(deck.scope, { serenaHome: deck.serenaHome, project: project.path })
    const file = join(deck.serenaHome, 'serena_config.yml')
    await deck.open()
    await deck.tab(/demo-ts/).click()
    await page.getByRole('button', { name: "Edit Serena's configuration …" }).click()
    const dialog = page.getByRole('dialog')
    const text = dialog.getByLabel('Configuration')
    await expect(text).toHaveValue(/log_level: 20/)
    await expect(dialog.locator('.yaml__key').filter({ hasText: /^log_level$/ })).toHaveCount(1)
    const seen = await dialog.locator('.yaml__line').allTextContents()
    expect(seen.join('\n')).toBe(await text.inputValue())
    // The field and the highlighted text behind it have the same size, so that they scroll together.
    const sizes = await text.evaluate((field) => [field.scrollHeight, field.clientHeight, field.scrollTop])
    expect(sizes).toEqual([sizes[0], sizes[0], 0])
    await text.press('Control+End')
    await expect.poll(() => dialog.locator('.yaml').evaluate((frame) => frame.scrollTop)).toBeGreaterThan(100)
    await text.fill((await text.inputValue()).replace('log_level: 20', 'log_level: 10'))
    await dialog.getByRole('button', { name: 'Review changes' }).click()
    await expect(dialog.getByLabel('Changes')).toContainText('+log_level: 10')
    writeFileSync(file, `${readFileSync(file, 'utf8')}# by another program\n`)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByRole('alert')).toContainText('has changed since you opened it')
    expect(readFileSync(file, 'utf8')).toContain('# by another program')
    expect(readFileSync(file, 'utf8')).not.toMatch(/^log_level: 10$/m)
    await dialog.getByRole('button', { name: 'Back to editing' }).click()
    await expect(text).toHaveValue(/log_level: 10/)
    expect(deck.complaints).toEqual([])
  })
})

test('asks for an open choice once', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, opensOnLaunch: null })
  await deck.open()
  await deck.tab(/shop/).click()
  const question = page.getByRole('region', { name: 'Open on start' })
  await expect(question).toContainText('not configured yet')
  await question.getByRole('button', { name: 'Do not open it' }).click()
  await expect(question).toHaveCount(0)
  await expect(page.getByLabel('Open the dashboard in the browser on start')).not.toBeChecked()
})

test('shows a newer Serena version with a link to the releases', async ({ deck }) => {
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' }, newerVersion: '2.2.0' })
  await deck.open()
  await deck.tab(/shop/).click()
  const version = deck.page.locator('.fact').filter({ hasText: '2.2.0 available' })
  await expect(version.getByRole('link', { name: 'Releases' })).toHaveAttribute(
    'href',
    'https://github.com/oraios/serena/releases',
  )
})

test('changes the theme and remembers it', async ({ deck }) => {
  const { page } = deck
  await page.emulateMedia({ colorScheme: 'light' })
  await deck.open()
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('shows a message for an empty log, no calls and no project', async ({ deck }) => {
  const { page } = deck
  await deck.standIn({})
  await deck.open()
  await deck.tab(/NO PROJECT/).click()
  await expect(page.getByText('No memories: no project is active.')).toBeVisible()
  await expect(page.getByText('No tool calls yet.')).toBeVisible()
  await expect(page.getByText('No running or queued executions.')).toBeVisible()
  await expect(page.getByText('No executions yet.')).toBeVisible()
  await page.getByRole('tab', { name: 'Stats', exact: true }).click()
  await expect(page.getByText('No tool calls yet.')).toBeVisible()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('log')).toContainText('INFO')
  await page.getByRole('button', { name: 'Clear …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(page.getByText('No lines yet.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy', exact: true })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
})

test('copies the dashboard address and an MCP client snippet; without a screen it copies a path instead of opening it', async ({
  deck,
  context,
}) => {
  const { page } = deck
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const standIn = await deck.standIn({ project: { name: 'shop', path: deck.serenaHome } })
  await deck.open()
  await deck.tab(/shop/).click()
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  const choose = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await choose('Dashboard URL')
  await expect.poll(clipboard).toBe(`http://127.0.0.1:${standIn.port()}/dashboard/`)
  await choose('Command line')
  await expect.poll(clipboard).toMatch(/^cd .* start-mcp-server/)
  await choose('MCP configuration …')
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect.poll(clipboard).toContain('"start-mcp-server"')
  await page.keyboard.press('Escape')
  await choose('Process ID')
  await expect.poll(clipboard).toBe(String(standIn.pid))
  await choose('Open project folder')
  await expect(page.getByText('Copied the path because no file manager is available.')).toBeVisible()
  expect(await clipboard()).toBe(deck.serenaHome)
  await choose('Open log folder')
  await expect.poll(clipboard).toMatch(/\/logs\/\d{4}-\d\d-\d\d$/)
  await expect(page.getByRole('link', { name: String(standIn.port()) })).toHaveAttribute(
    'href',
    `http://127.0.0.1:${standIn.port()}/dashboard/`,
  )
})
