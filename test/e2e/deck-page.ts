// The built page with a backend of the test: one fixture per test, which collects errors of the browser.
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { createScope, type Scope } from '../helpers/scope.ts'
import { startTestStandIn, type TestStandInStart } from '../helpers/stand-in.ts'
import { makeSerenaHome } from '../helpers/temp-home.ts'

export interface DeckPage {
  page: Page
  backend: TestBackend
  serenaHome: string
  scope: Scope
  /** Everything on the console and every error of the page, content security reports among them. */
  complaints: string[]
  standIn(options: NonNullable<TestStandInStart['options']>): ReturnType<typeof startTestStandIn>
  /** Opens the page with a fresh nonce. */
  open(): Promise<void>
  tabs(): Locator
  tab(name: string | RegExp): Locator
}

/** No test opens a window on the user's desktop. */
const NO_SCREEN = { DISPLAY: '', WAYLAND_DISPLAY: '', BROWSER: '' }

export const test = base.extend<{ deck: DeckPage }>({
  deck: async ({ page }, use) => {
    const scope = createScope()
    const serenaHome = await makeSerenaHome(scope)
    const backend = await startBackend(scope, { homes: [serenaHome], env: NO_SCREEN })
    const complaints: string[] = []
    page.on('console', (message) => {
      // The browser reports every failed response; the page shows its own message for these.
      if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    const bar = page.getByRole('tablist', { name: 'Serena instances' })
    await use({
      page,
      backend,
      serenaHome,
      scope,
      complaints,
      standIn: (options) => startTestStandIn(scope, { serenaHome, options }),
      async open() {
        const { openUrl } = await backend.call('openUrl')
        await page.goto(openUrl)
        await expect(bar).toBeVisible()
      },
      tabs: () => bar.getByRole('tab'),
      tab: (name) => bar.getByRole('tab', { name }),
    })
    await scope.end()
  },
})
export { expect }
