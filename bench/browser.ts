// The Chromium of a bench: our page, the stock page of a real Serena, and what they cost.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { findChromium } from '../scripts/chromium.mjs'
import type { Scope } from '../test/helpers/scope.ts'

export async function startBrowser(scope: Scope): Promise<Browser> {
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    // Chromium refuses its sandbox to root; without the last flag it rounds the size of the heap.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--enable-precise-memory-info'],
  })
  scope.add(() => browser.close())
  return browser
}

/** A context of its own (cold cache) that reaches this machine only: the stock page's CDNs would measure the network. */
export async function newLocalContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    (route) => route.abort(),
  )
  return context
}

/** Bytes of living JavaScript objects, after a collection. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
}

/** Waits until the table of all shows so many instances. */
export async function untilTabs(page: Page, count: number): Promise<void> {
  const tabs = page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab')
  // One more than instances: All.
  await tabs.nth(count).waitFor({ timeout: 60_000 })
}
