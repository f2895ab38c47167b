// Starts Chromium for the benches and measures our page and the stock page of a real Serena.
import { type Browser, chromium, type Page } from 'playwright'
import { findChromium } from '../scripts/chromium.mjs'
import type { Scope } from '../test/helpers/scope.ts'

/** Starts a Chromium that can reach only 127.0.0.1: requests of the stock page to its CDNs would measure the network. */
export async function startBrowser(scope: Scope): Promise<Browser> {
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: [
      // Chromium does not start with its sandbox as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
  scope.add(() => browser.close())
  return browser
}

/** Returns, after a garbage collection: bytes of live JavaScript objects, event listeners, DOM nodes. */
export async function pageFigures(page: Page): Promise<{ heap: number; listeners: number; nodes: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return { heap: metric('JSHeapUsedSize'), listeners: metric('JSEventListeners'), nodes: metric('Nodes') }
}

/** Waits for `count` tabs. Of many tabs only some are rendered; their aria-setsize has the total. */
export async function untilTabs(page: Page, count: number): Promise<void> {
  const tabs = page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab')
  // One more than the instances: the tab All.
  const said = page.locator(`[role="tab"][aria-setsize="${count + 1}"]`)
  await tabs.nth(count).or(said).first().waitFor({ timeout: 60_000 })
}
