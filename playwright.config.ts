// The browser tests: the built product in the Chromium of this machine.
import { defineConfig, devices } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

const executablePath = findChromium()
const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: '.cache/test/e2e',
  workers: 2,
  // A busy machine is no fault of the product: a test that passes at its second try is named as such.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
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
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      // Chromium refuses its sandbox to root.
      args: isRoot ? ['--no-sandbox'] : [],
    },
    trace: 'retain-on-failure',
  },
  projects: [{ name: 'chromium' }],
})
