// Starts and stops stand-ins, up to fifty at a time, with the page open, and compares memory at the end with the start.
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
import { figure, printTable, runBench } from './measure.ts'
import { descriptorsOf, memoryOf } from './processes.ts'
import { type StandInGroup, startStandInGroup } from './stand-in-group.ts'

const MOST = 50
const FEWEST = 25
const TURN_MS = 1_500
/** No instances before and after: until memory readings, keep-alive and probes are complete. */
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

/** Makes the backend collect garbage and report its memory. */
async function requestBackend(pid: number, file: string): Promise<{ heap: number; resources: number }> {
  const lines = (): string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : []
  const before = lines().length
  process.kill(pid, 'SIGUSR2')
  const line = await waitUntil('the backend to report its memory', () => lines()[before])
  return reportSchema.parse(JSON.parse(line))
}

async function sample(pid: number, file: string, page: Page, group: StandInGroup): Promise<Sample> {
  // The heap first: it collects garbage, and RSS is read after the collection.
  const report = await requestBackend(pid, file)
  return {
    ...report,
    instances: group.standIns.length,
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

/** Makes one step: grows to the maximum, then shrinks, and so on; every third one works, every fifth has no project. */
function makeTurns(group: StandInGroup): {
  turn: () => Promise<void>
  counts: { come: number; gone: number }
} {
  const counts = { come: 0, gone: 0 }
  let isGrowing = true
  const come = async (): Promise<void> => {
    counts.come += 1
    await group.add({
      logLinesPerSecond: counts.come % 3 === 0 ? 2 : 0,
      ...(counts.come % 5 === 0 && { project: null }),
    })
  }
  const go = async (): Promise<void> => {
    // Any but the newest, so that tabs in the middle are removed as well.
    const standIn = group.standIns[(counts.gone * 7) % group.standIns.length]
    if (standIn) await group.remove(standIn)
    counts.gone += 1
  }
  return {
    counts,
    async turn() {
      if (group.standIns.length >= MOST) isGrowing = false
      if (group.standIns.length <= FEWEST) isGrowing = true
      await (isGrowing
        ? Promise.all([come(), come(), group.standIns.length > 0 && go()])
        : Promise.all([go(), go(), come()]))
    },
  }
}

await runBench('soak', async (scope) => {
  const minutes = Number(process.argv[2] ?? 20)
  const browser = await startBrowser(scope)
  const group = await startStandInGroup(scope, 0)
  const file = join(await makeTempFolder(scope, 'soak'), 'memory')
  const preload = fileURLToPath(new URL('report-memory.mjs', import.meta.url))
  const env = { SERENA_DECK_BENCH_MEMORY: file, NODE_OPTIONS: `--import=${preload}` }
  const backend = await startBackend(scope, { homes: [group.serenaHome], env })
  const page = await browser.newPage()
  await page.goto((await backend.call('openUrl')).openUrl)
  await page.getByRole('tablist', { name: 'Serena instances' }).waitFor()

  const { turn, counts } = makeTurns(group)
  // One full pass before the start: compiled code and pools created on first use are not a leak.
  for (let warm = 0; warm < 10; warm += 1) await turn()
  await sleep(SETTLE_MS)
  while (group.standIns[0]) await group.remove(group.standIns[0])
  await sleep(SETTLE_MS)
  const start = await sample(backend.pid, file, page, group)
  const rows = [['start', ...cells(start)]]
  console.log(`start: ${cells(start).join(' ')}`)

  for (let minute = 1; minute <= minutes; minute += 1) {
    for (const until = performance.now() + 60_000; performance.now() < until; await sleep(TURN_MS))
      await turn()
    const now = await sample(backend.pid, file, page, group)
    rows.push([`minute ${minute}`, ...cells(now)])
    console.log(`minute ${minute}: ${COLUMNS.map((name, at) => `${name} ${cells(now)[at]}`).join(', ')}`)
  }
  while (group.standIns.length > 0) await Promise.all(group.standIns.slice(0, 8).map(group.remove))
  await sleep(SETTLE_MS)
  const end = await sample(backend.pid, file, page, group)
  rows.push(['end', ...cells(end)])

  console.log(`\n## ${minutes} minutes, ${counts.come} came, up to ${MOST} at a time`)
  printTable(['', ...COLUMNS], rows)
})
