// The Health view: findings by severity, a fix with its diff, and the undo.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Locator } from '@playwright/test'
import { startBackend } from '../helpers/backend.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { expectNoViolations, expectNoViolationsInThemes } from './axe-scan.ts'
import { expect, test } from './deck-page.ts'

const CLAUDE = `{\r\n\t"numStartups": 3,\r\n\t"mcpServers": {\r\n\t\t"serena": { "type": "stdio", "command": "serena-mcp-server", "args": ["--context", "claude-code", "--project-from-cwd"] }\r\n\t}\r\n}`
const CODEX = `# Mine.
[mcp_servers.serena]
command = "serena"   # on PATH
args = ["start-mcp-server", "--context", "codex", "--project-from-cwd", "--open-web-dashboard", "true"]
`

interface Home {
  claude: string
  codex: string
  env: NodeJS.ProcessEnv
}

/** A user whose Claude Code cannot start Serena, and whose Codex opens a pop-up. */
async function makeHome(scope: Parameters<typeof makeTempFolder>[0]): Promise<Home> {
  const home = await makeTempFolder(scope, 'user')
  const [claude, codex, bin] = [
    join(home, '.claude.json'),
    join(home, '.codex', 'config.toml'),
    join(home, 'bin'),
  ]
  for (const folder of [bin, join(home, '.codex')]) mkdirSync(folder)
  writeFileSync(claude, CLAUDE)
  writeFileSync(codex, CODEX)
  // The doctor only looks for them.
  for (const name of ['serena', 'serena-mcp-server']) {
    writeFileSync(join(bin, name), '')
    chmodSync(join(bin, name), 0o755)
  }
  const env = {
    HOME: home,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    XDG_CONFIG_HOME: '',
    CODEX_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    BROWSER: '',
  }
  return { claude, codex, env }
}

const read = (file: string): string => readFileSync(file, 'utf8')
const titlesIn = (list: Locator): Promise<string[]> => list.locator('.finding__title').allTextContents()

test('lists the findings by severity, fixes one after its diff, and undoes it byte for byte', async ({
  deck,
}) => {
  const { page, scope, serenaHome } = deck
  const { claude, codex, env } = await makeHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome], env })
  await page.goto(backend.openUrl)
  await page.getByRole('button', { name: /^2 problems/ }).click()
  const view = page.locator('.health')
  await expect(view.getByRole('heading', { name: '2 findings' })).toBeVisible()
  expect(await view.locator('.health__group').allTextContents()).toEqual(['Errors 1', 'Warnings 1'])
  const errors = view.getByRole('list', { name: 'Errors' })
  expect(await titlesIn(errors)).toEqual(['error: The program serena-mcp-server no longer exists.'])
  const warnings = view.getByRole('list', { name: 'Warnings' })
  expect(await titlesIn(warnings)).toEqual(['warning: Codex makes each Serena open its dashboard.'])
  await expect(warnings).toContainText('/.codex/config.toml:2')
  await expectNoViolationsInThemes(page, 'Health')

  await warnings.getByRole('button', { name: /^Fix: Codex makes each Serena/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Fix the problem' })
  const change = dialog.getByRole('list', { name: 'Files to change' }).getByRole('listitem')
  await expect(change).toHaveCount(1)
  await expect(change).toContainText(/^Codex .*\/.codex\/config.toml/)
  await expect(change).toContainText(
    '-args = ["start-mcp-server", "--context", "codex", "--project-from-cwd", "--open-web-dashboard", "true"]',
  )
  await expect(change).toContainText(/\+args = \[.*"--open-web-dashboard", "false"\]/)
  await expectNoViolations(page, 'the fix')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect([read(claude), read(codex)]).toEqual([CLAUDE, CODEX])

  await view.getByRole('button', { name: 'Fix 2 …' }).click()
  const both = page.getByRole('dialog', { name: 'Fix 2 problems' })
  await both.getByRole('button', { name: 'Change 2 files' }).click()
  await expect(both.getByText('Changed', { exact: true })).toHaveCount(2)
  await expectNoViolations(page, 'after the fix')
  await both.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(view.getByRole('heading', { name: 'No problems found.' })).toBeVisible()
  expect(read(codex)).toBe(CODEX.replace('"true"', '"false"'))
  expect(JSON.parse(read(claude))).toMatchObject({
    numStartups: 3,
    mcpServers: {
      serena: {
        command: 'serena',
        args: ['start-mcp-server', '--context', 'claude-code', '--project-from-cwd'],
      },
    },
  })

  await view.getByRole('button', { name: 'Undo the last fix' }).click()
  await expect(view.getByRole('heading', { name: '2 findings' })).toBeVisible()
  expect([read(claude), read(codex)]).toEqual([CLAUDE, CODEX])
  await expect(view.getByRole('button', { name: 'Undo the last fix' })).toHaveCount(0)
  expect(deck.complaints).toEqual([])
})

test('opens from a search without a match, and refuses to change a file edited after its diff was shown', async ({
  deck,
}) => {
  const { page, scope, serenaHome } = deck
  const { codex, env } = await makeHome(scope)
  await deck.standIn({ project: { name: 'shop', path: '/srv/shop' } })
  const backend = await startBackend(scope, { homes: [serenaHome], env })
  await page.goto(backend.openUrl)
  await expect(deck.tab(/shop, live/)).toBeVisible()
  await page.getByLabel('Search instances').fill('no such instance')
  await expect(page.getByText('No instance matches')).toBeVisible()
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Health' }).click()
  await expect(page.getByRole('tab', { name: 'Health', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await page.getByRole('button', { name: /^Fix: Codex makes each Serena/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Fix the problem' })
  await expect(dialog.getByRole('button', { name: 'Change 1 file' })).toBeVisible()
  const edited = `${CODEX}# Theirs.\n`
  writeFileSync(codex, edited)
  await dialog.getByRole('button', { name: 'Change 1 file' }).click()
  await expect(dialog.getByRole('alert')).toContainText('has changed since')
  expect(read(codex)).toBe(edited)
  expect(deck.complaints).toEqual([])
})
