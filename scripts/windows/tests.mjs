// The tests on Windows: unit and contract tests in node.exe under Wine, then those that need a browser of this system.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { getChromium } from '../chromium.mjs'
import { cache, commandOf, runCommand } from '../steps.mjs'
import { countVitest } from '../test-count.mjs'
import { endWine, runNode, windowsPath } from './wine.mjs'

const reports = join(cache, 'test')
const MAX_MS = 10 * 60_000
const reporters = (report) => ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]

/** Runs them; `words`: more arguments for vitest, such as files. Yields the counts of each part. */
export async function* windowsTests(words = []) {
  mkdirSync(reports, { recursive: true })
  try {
    yield { name: 'tests under Wine', ...(await underWine(words)) }
    if (words.length === 0) yield { name: 'page of a backend under Wine', ...(await inBrowser()) }
  } finally {
    endWine()
  }
}

async function underWine(words) {
  const report = join(reports, 'windows.json')
  rmSync(report, { force: true })
  const config = ['--config', windowsPath(join(process.cwd(), 'vitest.windows.config.ts'))]
  const vitest = windowsPath(commandOf('vitest', 'vitest'))
  const code = await runNode([vitest, 'run', ...config, ...reporters(windowsPath(report)), ...words], {
    timeoutMs: MAX_MS,
    name: 'vitest',
  })
  return countVitest(readReport(report), code)
}

async function inBrowser() {
  const chromium = await getChromium()
  if (!chromium.path)
    return { counts: { passed: 0, failed: 0, skipped: 1 }, failures: [], skips: [chromium.why] }
  const report = join(reports, 'windows-page.json')
  rmSync(report, { force: true })
  const code = await runCommand(
    'vitest',
    'vitest',
    ['run', '--project', 'windows-page', ...reporters(report)],
    {
      env: { SERENA_DECK_CHROMIUM: chromium.path },
    },
  )
  return countVitest(readReport(report), code)
}

const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
