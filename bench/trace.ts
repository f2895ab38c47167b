// A hundred instances, one of which writes 500 log lines per second. Measures the main thread of our page while a user types,
// switches tabs and scrolls, compared with the stock page under the same load; with minutes given, also the heaps of both.
// Needs a build and the Serena 2.1.0 that npm test installs. Run: npx tsx bench/trace.ts [minutes of heap, default 0]
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright'
import { startBackend } from '../test/helpers/backend.ts'
import { startSerena } from '../test/helpers/serena.ts'
import { pageFigures, startBrowser, untilTabs } from './browser.ts'
import { figure, printTable, runBench } from './measure.ts'
import { startStandInGroup } from './stand-in-group.ts'
import { serveStockPage } from './stock-under-load.ts'
import { type MainThreadWork, mainThreadWork } from './trace-events.ts'

const RESTING = 99
const LINES_PER_SECOND = 500
/** 10,000 lines. */
const TRACED_MS = 20_000
const FRAME_MS = 50

/** Repeats the user's actions until the time is over. */
async function forTracedTime(act: () => Promise<void>): Promise<void> {
  for (const until = performance.now() + TRACED_MS; performance.now() < until; ) await act()
}

/** Clicks at its current position. Locating an element by its role later would run in the page's own thread and be traced. */
async function clicker(page: Page, locator: Locator): Promise<() => Promise<void>> {
  const box = await locator.first().boundingBox()
  if (!box) throw new Error(`nothing to click at: ${locator}`)
  return async () => {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await sleep(200)
  }
}

/** Scrolls with the pointer over the log. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(450, 500)
  for (const delta of [-600, -600, -600, 900, 900]) {
    await page.mouse.wheel(0, delta)
    await sleep(60)
  }
}

/** The user's actions in our page, starting with the log open. */
async function oursUsed(page: Page): Promise<() => Promise<void>> {
  const view = (name: string): Promise<() => Promise<void>> =>
    clicker(page, page.getByRole('tab', { name, exact: true }))
  const search = await clicker(page, page.getByLabel('Search the log'))
  const [overview, logs, stats] = [await view('Overview'), await view('Logs'), await view('Stats')]
  const flood = await clicker(page, page.getByRole('tab', { name: /flood/ }))
  // The writing instance is the newest, and so the last tab; its neighbor is rendered as well.
  const tabs = page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab')
  const other = await clicker(page, tabs.nth(-2))
  return async () => {
    await search()
    await page.keyboard.type('line 1', { delay: 80 })
    for (let left = 6; left > 0; left -= 1) await page.keyboard.press('Backspace', { delay: 30 })
    await scroll(page)
    await overview()
    await stats()
    await other()
    await flood()
    await logs()
  }
}

/** The stock page has neither a search nor other instances. */
async function stockUsed(page: Page): Promise<() => Promise<void>> {
  const overview = await clicker(page, page.locator('.header-tab[data-page=overview]'))
  const logs = await clicker(page, page.locator('.header-tab[data-page=logs]'))
  return async () => {
    await scroll(page)
    await overview()
    await logs()
  }
}

const cells = ({ framesMs, sumMs }: MainThreadWork): string[] => [
  figure(framesMs[0] ?? 0),
  figure(framesMs[Math.floor(framesMs.length / 100)] ?? 0),
  String(framesMs.filter((one) => one > FRAME_MS).length),
  `${figure((sumMs / TRACED_MS) * 100)} %`,
]

await runBench('trace', async (scope) => {
  const minutes = Number(process.argv[2] ?? 0)
  const group = await startStandInGroup(scope, RESTING)
  const flood = await group.add({
    project: { name: 'flood', path: '/srv/flood' },
    logLinesPerSecond: LINES_PER_SECOND,
  })
  const serena = await startSerena(scope)
  const backend = await startBackend(scope, { homes: [group.serenaHome] })
  const answersPort = flood.port()
  if (answersPort === null) throw new Error('the flooding stand-in has no dashboard')
  const stockAddress = await serveStockPage(scope, { filesPort: await serena.dashboardPort(), answersPort })
  await backend.call('sweep')

  const pages: Record<string, { page: Page; heaps: number[] }> = {}
  const rows: string[][] = []
  const measure = async (
    name: string,
    address: string,
    used: (page: Page) => Promise<() => Promise<void>>,
    ready: (page: Page) => Promise<void>,
  ): Promise<void> => {
    // Each in its own browser: a trace covers a whole browser.
    const browser = await startBrowser(scope)
    const page = await browser.newPage({ viewport: { width: 900, height: 700 } })
    await page.goto(address)
    await ready(page)
    const act = await used(page)
    await sleep(3_000)
    await browser.startTracing(page, {
      categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'],
    })
    await forTracedTime(act)
    rows.push([name, ...cells(mainThreadWork(await browser.stopTracing()))])
    pages[name] = { page, heaps: [] }
  }
  await measure(
    `ours, ${RESTING + 1} instances`,
    (await backend.call('openUrl')).openUrl,
    oursUsed,
    async (page) => {
      await untilTabs(page, RESTING + 1)
      // Of many tabs only those near the visible part are rendered.
      await page.getByRole('tab', { name: 'All', exact: true }).focus()
      await page.keyboard.press('End')
      await page.getByRole('tab', { name: /flood/ }).click()
      await page.getByRole('tab', { name: 'Logs', exact: true }).click()
      await page.getByRole('log').waitFor()
    },
  )
  await measure('stock page, one instance', stockAddress, stockUsed, async (page) => {
    await page.locator('.header-tab[data-page=logs]').click()
    await page.locator('#log-container').waitFor()
  })
  console.log(`## Work of the main thread, ${TRACED_MS / 1000} s, ${LINES_PER_SECOND} log lines a second`)
  printTable(['', 'longest ms', '99th of 100 ms', `over ${FRAME_MS} ms`, 'of the time'], rows)

  if (minutes === 0) return
  for (let minute = 0; minute <= minutes; minute += 1) {
    for (const one of Object.values(pages)) one.heaps.push((await pageFigures(one.page)).heap)
    if (minute < minutes) await sleep(60_000)
  }
  console.log(`## JavaScript heap after a collection, MiB, the log open, ${minutes} minutes`)
  const at = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * minutes))
  printTable(
    ['', ...at.map((minute) => `minute ${minute}`)],
    Object.entries(pages).map(([name, { heaps }]) => [
      name,
      ...at.map((minute) => figure((heaps[minute] ?? Number.NaN) / 2 ** 20)),
    ]),
  )
})
