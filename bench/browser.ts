// The Chromium of a bench: our page, the stock page of a real Serena, and what they cost.
import { type Browser, chromium, type Page } from 'playwright'
import { findChromium } from '../scripts/chromium.mjs'
import type { Scope } from '../test/helpers/scope.ts'

/** Chromium that knows no host but 127.0.0.1: the stock page's CDNs would measure the network, and here there is none. */
export async function startBrowser(scope: Scope): Promise<Browser> {
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: [
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
  scope.add(() => browser.close())
  return browser
}

/** After a collection: bytes of living JavaScript objects, event listeners, DOM nodes. */
export async function pageFigures(page: Page): Promise<{ heap: number; listeners: number; nodes: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return { heap: metric('JSHeapUsedSize'), listeners: metric('JSEventListeners'), nodes: metric('Nodes') }
}

/** Waits until there are so many tabs; of many only some are drawn, and say of how many. */
export async function untilTabs(page: Page, count: number): Promise<void> {
  const tabs = page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab')
  // One more than instances: All.
  const said = page.locator(`[role="tab"][aria-setsize="${count + 1}"]`)
  await tabs.nth(count).or(said).first().waitFor({ timeout: 60_000 })
}
