// The page of a backend that runs as win32 under Wine, in the Chromium of this system: part of `npm run test:windows`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { folder, nodeProgram, windowsPath, wineEnvironment } from '../../scripts/windows/wine.mjs'
import { cliProgram } from '../helpers/backend.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const executablePath = process.env['SERENA_DECK_CHROMIUM'] ?? ''

/** Starts `serve --json`; its stdout is a file, which Node under Wine needs. */
async function startServing(): Promise<string> {
  const place = mkdtempSync(join(folder, 'page '))
  scope.add(() => rmSync(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const output = join(place, 'out.txt')
  for (const name of ['home', 'state']) mkdirSync(join(place, name))
  const fd = openSync(output, 'w')
  const child = spawn('wine', [nodeProgram, windowsPath(cliProgram), 'serve', '--json', '--port', '0'], {
    cwd: place,
    env: {
      ...wineEnvironment(),
      SERENA_HOME: windowsPath(join(place, 'home')),
      SERENA_DECK_ONLY_HOMES: windowsPath(join(place, 'home')),
      SERENA_DECK_STATE: windowsPath(join(place, 'state')),
    },
    stdio: ['ignore', fd, 'ignore'],
  })
  closeSync(fd)
  scope.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const line = await waitUntil('the backend', () => readFileSync(output, 'utf8').split('\n').at(-2))
  return (JSON.parse(line) as { openUrl: string }).openUrl
}

test('opens, receives the list of instances, and removes the nonce from the address', async () => {
  const url = await startServing()
  const browser = await chromium.launch({ executablePath })
  scope.add(() => browser.close())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(url)
  await page.getByText('No Serena instances are running.').first().waitFor()
  expect(new URL(page.url()).hash).not.toContain(new URL(url).hash.slice(1))
  expect(problems).toEqual([])
}, 90_000)
