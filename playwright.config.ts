// Runs the browser tests: the built product in an installed Chromium.
import { defineConfig, devices, type LaunchOptions } from '@playwright/test'
import { findChromium, findHeadlessShell } from './scripts/chromium.mjs'

const isRoot = process.getuid?.() === 0
/** Null: Playwright's own. */
const startOptions = (executablePath: string | null): LaunchOptions => ({
  ...(executablePath === null ? {} : { executablePath }),
  // Chromium does not start with its sandbox as root.
  args: isRoot ? ['--no-sandbox'] : [],
})
const NEEDS_WHOLE_BROWSER = '**/notifications.spec.ts'

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: '.cache/test/e2e',
  workers: 3,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    [
      'json',
      { outputFile: process.env['SERENA_DECK_PLAYWRIGHT_REPORT'] ?? '.cache/test/browser-tests.json' },
    ],
  ],
  use: {
    ...devices['Desktop Chrome'],
    // Tracing takes a fifth of the time: `npx playwright test FILE --trace retain-on-failure` shows a failure.
    trace: 'off',
  },
  projects: [
    {
      name: 'chromium',
      testIgnore: NEEDS_WHOLE_BROWSER,
      use: { launchOptions: startOptions(findHeadlessShell() ?? findChromium()) },
    },
    {
      name: 'whole browser',
      testMatch: NEEDS_WHOLE_BROWSER,
      use: { channel: 'chromium', launchOptions: startOptions(findChromium()) },
    },
  ],
})
