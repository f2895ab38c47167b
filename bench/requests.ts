// Measures the load on twenty instances: requests per second, idle and busy, compared with the stock page; and the cost of our
// backend. Needs a build. Run: npx tsx bench/requests.ts
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright'
import { startBackend } from '../test/helpers/backend.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { hasSerena, startSerena } from '../test/helpers/serena.ts'
import { makeTypeScriptProject } from '../test/helpers/temp-home.ts'
import { startBrowser, untilTabs } from './browser.ts'
import { figure, printTable, ratio, runBench } from './measure.ts'
import { cpuMsOf, memoryOf } from './processes.ts'
import { type StandInGroup, startStandInGroup } from './stand-in-group.ts'

const INSTANCES = 20
const WINDOW_MS = 30_000
/** Until the first probes and their answers are complete. */
const SETTLE_MS = 15_000
/** Log output of a running tool: two lines per second. */
const WORK_EVERY_MS = 500
/** Log, overview and queue, each once per second, according to the source of the stock page. */
const STOCK_BY_SOURCE = 3

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0)

/** Returns the requests per second of one real stock page. */
async function stockPage(scope: Scope, browser: Browser): Promise<{ during: () => number } | null> {
  if (!hasSerena()) {
    console.log(
      'Serena 2.1.0 is not installed, so the stock page is not measured. Run npm test to install it.\n',
    )
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

async function observe(
  group: StandInGroup,
  pid: number,
  stock: { during: () => number } | null,
): Promise<Figures> {
  await sleep(SETTLE_MS)
  const before = {
    requests: group.requests(),
    cpuMs: cpuMsOf(pid),
    at: performance.now(),
    stock: stock?.during() ?? 0,
  }
  await sleep(WINDOW_MS)
  const seconds = (performance.now() - before.at) / 1000
  const after = group.requests()
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
  const group = await startStandInGroup(scope, INSTANCES)
  const backend = await startBackend(scope, { homes: [group.serenaHome] })
  const phases: [string, Figures][] = []

  phases.push(['idle, no page open', await observe(group, backend.pid, null)])
  const page = await browser.newPage()
  await page.goto((await backend.call('openUrl')).openUrl)
  await untilTabs(page, INSTANCES)
  const stock = await stockPage(scope, browser)
  phases.push(['idle, page open on All', await observe(group, backend.pid, stock)])
  const work = setInterval(() => {
    for (const standIn of group.standIns) standIn.send('log')
  }, WORK_EVERY_MS)
  phases.push(['all busy, page open on All', await observe(group, backend.pid, stock)])
  await page.getByRole('tablist', { name: 'Serena instances' }).getByRole('tab').nth(1).click()
  await page.getByRole('tab', { name: 'Logs', exact: true }).click()
  phases.push(['all busy, one log open', await observe(group, backend.pid, stock)])
  clearInterval(work)

  console.log(`## ${INSTANCES} instances, requests per second that they receive, ${WINDOW_MS / 1000} s each`)
  const theirs = (measured: number | null): number => INSTANCES * (measured ?? STOCK_BY_SOURCE)
  printTable(
    ['', 'ours /s', `${INSTANCES} stock pages /s`, 'stock / ours', 'backend CPU, % of a core'],
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
    'Stock pages: the requests of one real page, counted at the same time, multiplied by their number.',
  )
})
