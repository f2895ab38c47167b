// Stand-ins that come and go, up to fifty at a time, with the page open: does everything return to where it began?
// Needs a build. Run: npx tsx bench/soak.ts [minutes, default 20]
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import * as z from 'zod/mini'
import { startBackend } from '../test/helpers/backend.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'
import { waitUntil } from '../test/helpers/wait-until.ts'
import { pageFigures, startBrowser } from './browser.ts'
import { type Crowd, startCrowd } from './crowd.ts'
import { figure, printTable, runBench } from './measure.ts'
import { descriptorsOf, memoryOf } from './processes.ts'

const MOST = 50
const FEWEST = 25
const TURN_MS = 1_500
/** Empty before and after: until memory readings, keep-alive and probes are over. */
const SETTLE_MS = 20_000

const reportSchema = z.object({ heap: z.number(), resources: z.number() })

interface Sample {
  instances: number
  descriptors: number
  resources: number
  rss: number
  heap: number
  page: { heap: number; listeners: number; nodes: number }
}

/** Asks the backend to collect and to tell. */
async function askBackend(pid: number, file: string): Promise<{ heap: number; resources: number }> {
  const lines = (): string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : []
  const before = lines().length
  process.kill(pid, 'SIGUSR2')
  const line = await waitUntil('the backend to tell its memory', () => lines()[before])
  return reportSchema.parse(JSON.parse(line))
}

async function sample(pid: number, file: string, page: Page, crowd: Crowd): Promise<Sample> {
  // The heap first: a collection belongs to the sample, and RSS is looked at after it.
  const report = await askBackend(pid, file)
  return {
    ...report,
    instances: crowd.standIns.length,
    descriptors: descriptorsOf(pid),
    rss: memoryOf(pid).rss,
    page: await pageFigures(page),
  }
}

const mebibytes = (bytes: number): string => figure(bytes / 2 ** 20)
const cells = ({ instances, descriptors, resources, rss, heap, page }: Sample): string[] => [
  String(instances),
  String(descriptors),
  String(resources),
  mebibytes(rss),
  mebibytes(heap),
  mebibytes(page.heap),
  String(page.listeners),
  String(page.nodes),
]
const COLUMNS = [
  'instances',
  'descriptors',
  'handles',
  'RSS MiB',
  'heap MiB',
  'page heap MiB',
  'page listeners',
  'page nodes',
]

/** One step: grows until full, then shrinks, and so on; every third working, every fifth without a project. */
function makeTurns(crowd: Crowd): { turn: () => Promise<void>; counts: { come: number; gone: number } } {
  const counts = { come: 0, gone: 0 }
  let isGrowing = true
  const come = async (): Promise<void> => {
    counts.come += 1
    await crowd.add({
      logLinesPerSecond: counts.come % 3 === 0 ? 2 : 0,
      ...(counts.come % 5 === 0 && { project: null }),
    })
  }
  const go = async (): Promise<void> => {
    // Any but the newest: tabs in the middle go, too.
    const standIn = crowd.standIns[(counts.gone * 7) % crowd.standIns.length]
    if (standIn) await crowd.remove(standIn)
    counts.gone += 1
  }
  return {
    counts,
    async turn() {
      if (crowd.standIns.length >= MOST) isGrowing = false
      if (crowd.standIns.length <= FEWEST) isGrowing = true
      await (isGrowing
        ? Promise.all([come(), come(), crowd.standIns.length > 0 && go()])
        : Promise.all([go(), go(), come()]))
    },
  }
}

await runBench('soak', async (scope) => {
  const minutes = Number(process.argv[2] ?? 20)
  const browser = await startBrowser(scope)
  const crowd = await startCrowd(scope, 0)
  const file = join(await makeTempFolder(scope, 'soak'), 'memory')
  const preload = fileURLToPath(new URL('report-memory.mjs', import.meta.url))
  const env = { SERENA_DECK_BENCH_MEMORY: file, NODE_OPTIONS: `--import=${preload}` }
  const backend = await startBackend(scope, { homes: [crowd.serenaHome], env })
  const page = await browser.newPage()
  await page.goto((await backend.call('openUrl')).openUrl)
  await page.getByRole('tablist', { name: 'Serena instances' }).waitFor()

  const { turn, counts } = makeTurns(crowd)
  // Once through before the start: code that is compiled and pools that are made at first use are no leak.
  for (let warm = 0; warm < 10; warm += 1) await turn()
  await sleep(SETTLE_MS)
  while (crowd.standIns[0]) await crowd.remove(crowd.standIns[0])
  await sleep(SETTLE_MS)
  const start = await sample(backend.pid, file, page, crowd)
  const rows = [['start', ...cells(start)]]
  console.log(`start: ${cells(start).join(' ')}`)

  for (let minute = 1; minute <= minutes; minute += 1) {
    for (const until = performance.now() + 60_000; performance.now() < until; await sleep(TURN_MS))
      await turn()
    const now = await sample(backend.pid, file, page, crowd)
    rows.push([`minute ${minute}`, ...cells(now)])
    console.log(`minute ${minute}: ${COLUMNS.map((name, at) => `${name} ${cells(now)[at]}`).join(', ')}`)
  }
  while (crowd.standIns.length > 0) await Promise.all(crowd.standIns.slice(0, 8).map(crowd.remove))
  await sleep(SETTLE_MS)
  const end = await sample(backend.pid, file, page, crowd)
  rows.push(['end', ...cells(end)])

  console.log(`\n## ${minutes} minutes, ${counts.come} came, up to ${MOST} at a time`)
  printTable(['', ...COLUMNS], rows)
})
