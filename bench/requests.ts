// What twenty instances feel of us: requests per second, at rest and at work, beside the stock page; and what our backend
// itself costs meanwhile. Needs a build. Run: npx tsx bench/requests.ts
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright'
import { startBackend } from '../test/helpers/backend.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { hasSerena, startSerena } from '../test/helpers/serena.ts'
import { makeTypeScriptProject } from '../test/helpers/temp-home.ts'
import { startBrowser, untilTabs } from './browser.ts'
import { type Crowd, startCrowd } from './crowd.ts'
import { figure, printTable, ratio, runBench } from './measure.ts'
import { cpuMsOf, memoryOf } from './processes.ts'

const INSTANCES = 20
const WINDOW_MS = 30_000
/** Until first looks and the answers to them are over. */
const SETTLE_MS = 15_000
/** Of a tool that runs: two lines a second. */
const WORK_EVERY_MS = 500
/** Log, overview and queue, each once a second, as the source of the stock page says. */
const STOCK_BY_SOURCE = 3

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0)

/** The requests per second of one real stock page; its polls wait for nothing of ours. */
async function stockPage(scope: Scope, browser: Browser): Promise<{ during: () => number } | null> {
  if (!hasSerena()) {
    console.log('No Serena 2.1.0 is installed (npm test does that): the stock page is not measured.\n')
    return null
  }
  const project = await makeTypeScriptProject(scope)
  const serena = await startSerena(scope, { project: project.path })
  const page = await (await browser.newContext()).newPage()
  let requests = 0
  page.on('request', (request) => {
    if (new URL(request.url()).hostname === '127.0.0.1') requests += 1
  })
  await page.goto(`http://127.0.0.1:${await serena.dashboardPort()}/dashboard/index.html`)
  return { during: () => requests }
}

interface Figures {
  perSecond: number
  byPath: string
  cpuPercent: number
  stockPerSecond: number | null
}

async function observe(crowd: Crowd, pid: number, stock: { during: () => number } | null): Promise<Figures> {
  await sleep(SETTLE_MS)
  const before = {
    requests: crowd.requests(),
    cpuMs: cpuMsOf(pid),
    at: performance.now(),
    stock: stock?.during() ?? 0,
  }
  await sleep(WINDOW_MS)
  const seconds = (performance.now() - before.at) / 1000
  const after = crowd.requests()
  const paths = [...after]
    .map(([path, count]) => [path, count - (before.requests.get(path) ?? 0)] as const)
    .filter(([, count]) => count > 0)
  return {
    perSecond: (sum(after) - sum(before.requests)) / seconds,
    byPath: paths.map(([path, count]) => `${path} ${figure(count / seconds)}`).join(', '),
    cpuPercent: (cpuMsOf(pid) - before.cpuMs) / seconds / 10,
    stockPerSecond: stock && (stock.during() - before.stock) / seconds,
  }
}

await runBench('requests', async (scope) => {
  const browser = await startBrowser(scope)
  const crowd = await startCrowd(scope, INSTANCES)
  const backend = await startBackend(scope, { homes: [crowd.serenaHome] })
  const phases: [string, Figures][] = []

  phases.push(['at rest, no page open', await observe(crowd, backend.pid, null)])
  const page = await browser.newPage()
  await page.goto((await backend.call('openUrl')).openUrl)
  await untilTabs(page, INSTANCES)
  const stock = await stockPage(scope, browser)
  phases.push(['at rest, page open on All', await observe(crowd, backend.pid, stock)])
  const work = setInterval(() => {
    for (const standIn of crowd.standIns) standIn.tell('log')
  }, WORK_EVERY_MS)
  phases.push(['all at work, page open on All', await observe(crowd, backend.pid, stock)])
  await page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab').nth(1).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  phases.push(['all at work, one log open', await observe(crowd, backend.pid, stock)])
  clearInterval(work)

  console.log(`## ${INSTANCES} instances, requests per second that they see, ${WINDOW_MS / 1000} s each`)
  const theirs = (measured: number | null): number => INSTANCES * (measured ?? STOCK_BY_SOURCE)
  printTable(
    ['', 'ours /s', `${INSTANCES} stock pages /s`, 'ours is 1 in', 'backend CPU, % of a core'],
    phases.map(([name, { perSecond, stockPerSecond, cpuPercent }]) => [
      name,
      figure(perSecond),
      `${figure(theirs(stockPerSecond))}${stockPerSecond === null ? ' (by its source)' : ''}`,
      ratio(theirs(stockPerSecond), perSecond).replace('×', ''),
      figure(cpuPercent),
    ]),
  )
  for (const [name, { byPath }] of phases) console.log(`${name}: ${byPath || 'none'}`)
  const { pss, rss } = memoryOf(backend.pid)
  console.log(`\nBackend at the end: ${figure(pss / 2 ** 20)} MiB PSS, ${figure(rss / 2 ** 20)} MiB RSS.`)
  console.log(
    'The figure of the stock pages is one real page, counted in the same seconds, times their number.',
  )
})
