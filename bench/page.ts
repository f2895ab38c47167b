// Measures the page: the size of its first load, the time until thirty instances are visible, compared with the stock page of a
// real Serena 2.1.0 with one; and its JavaScript heap compared with stock pages. Needs a build. Run: npx tsx bench/page.ts
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright'
import { startBackend } from '../test/helpers/backend.ts'
import { hasSerena, startSerena } from '../test/helpers/serena.ts'
import { makeTypeScriptProject, projectRoot } from '../test/helpers/temp-home.ts'
import { pageFigures, startBrowser } from './browser.ts'
import { alternate, figure, median, printTable, ratio, runBench } from './measure.ts'
import { startStandInGroup } from './stand-in-group.ts'

const INSTANCES = 30
const ROUNDS = 7
const STOCK_PAGES = 5
const HEAP_SETTLE_MS = 10_000

/** Returns the gzipped size of the scripts and styles that index.html names, and of their static imports, in bytes. */
function firstLoad(): { scripts: number; styles: number } {
  const folder = join(projectRoot, 'resources', 'app')
  const gzipped = (path: string): number => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const sizeOf = (ending: string): number =>
    [...html.matchAll(/(?:src|href)="\/?([^"]+)"/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => path.endsWith(ending))
      .reduce((sum, path) => sum + gzipped(path), 0)
  return { scripts: sizeOf('.js'), styles: sizeOf('.css') }
}

/** Records when the condition `script` first became true, checked once per frame in the page itself. */
async function loadAndWatch(
  browser: Browser,
  address: string,
  script: string,
): Promise<{ page: Page; atMs: number }> {
  const page = await (await browser.newContext()).newPage()
  await page.addInitScript(`
    const check = () => {
      if (!document.body || !(${script})) return void requestAnimationFrame(check)
      requestAnimationFrame(() => { globalThis.seenAtMs = performance.now() })
    }
    check()`)
  await page.goto(address, { waitUntil: 'commit' })
  const seen = await page.waitForFunction(() => (globalThis as { seenAtMs?: number }).seenAtMs, undefined, {
    timeout: 30_000,
  })
  return { page, atMs: Number(await seen.jsonValue()) }
}

const TABS = `document.querySelectorAll('[role=tablist] [role=tab]').length`
/** All tabs arrive in one snapshot and render at once: wait for the first, the last and All. */
const OURS_ALL = `${TABS} > ${INSTANCES}`
/** The stock page is ready when it shows the first configuration. */
const STOCK_SHOWN = `document.querySelector('#config-display .config-grid')`

await runBench('page', async (scope) => {
  const { scripts, styles } = firstLoad()
  console.log('## First load')
  printTable(
    ['part', 'KiB gzipped'],
    [
      ['JavaScript (goal 100)', figure(scripts / 1024)],
      ['CSS', figure(styles / 1024)],
    ],
  )
  if (!hasSerena())
    throw new Error('Serena 2.1.0 is not installed, so there is no comparison. Run npm test to install it.')

  const browser = await startBrowser(scope)
  const group = await startStandInGroup(scope, INSTANCES)
  const backend = await startBackend(scope, { homes: [group.serenaHome] })
  const project = await makeTypeScriptProject(scope)
  const serena = await startSerena(scope, { project: project.path })
  const stockAddress = `http://127.0.0.1:${await serena.dashboardPort()}/dashboard/index.html`
  const ourAddress = async (): Promise<string> => (await backend.call('openUrl')).openUrl
  await backend.call('sweep')

  const load = async (address: string, script: string): Promise<number> => {
    const { page, atMs } = await loadAndWatch(browser, address, script)
    await page.context().close()
    return atMs
  }
  let last = 0
  const times = await alternate(
    {
      [`ours: all ${INSTANCES} tabs`]: async () => (last = await load(await ourAddress(), OURS_ALL)),
      'stock page: its configuration': async () => (last = await load(stockAddress, STOCK_SHOWN)),
    },
    ROUNDS,
    { measure: async (run) => run().then(() => last) },
  )
  const stock = median(times['stock page: its configuration'] ?? [])
  console.log(`## From navigation to visible content, cold cache, median of ${ROUNDS} alternating rounds`)
  printTable(
    ['', 'ms', 'times faster than the stock page'],
    Object.entries(times).map(([name, values]) => [
      name,
      figure(median(values)),
      ratio(stock, median(values)),
    ]),
  )

  const ours = await loadAndWatch(browser, await ourAddress(), OURS_ALL)
  const stocks: Page[] = []
  for (let page = 0; page < STOCK_PAGES; page += 1)
    stocks.push((await loadAndWatch(browser, stockAddress, STOCK_SHOWN)).page)
  await sleep(HEAP_SETTLE_MS)
  const ourHeap = (await pageFigures(ours.page)).heap
  const stockHeaps: number[] = []
  for (const page of stocks) stockHeaps.push((await pageFigures(page)).heap)
  const stockHeap = median(stockHeaps)
  const mebibytes = (bytes: number): string => figure(bytes / 2 ** 20)
  console.log('## JavaScript heap after a collection')
  printTable(
    ['', 'MiB', 'times ours'],
    [
      [`our page with ${INSTANCES} instances`, mebibytes(ourHeap), '1.00×'],
      [`a stock page with one (median of ${STOCK_PAGES})`, mebibytes(stockHeap), ratio(stockHeap, ourHeap)],
      [
        `${INSTANCES} stock pages (computed)`,
        mebibytes(INSTANCES * stockHeap),
        ratio(INSTANCES * stockHeap, ourHeap),
      ],
    ],
  )
  console.log(
    'Hosts other than 127.0.0.1 are blocked, so the stock page loads no fonts, charts or banners here.',
  )
})
