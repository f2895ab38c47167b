// Eight hours of a backend in a few minutes: as many rounds, on a clock that goes 5 s on with each. Real stand-ins, real /proc, and
// each dashboard is asked when that is due by that clock. Heap after a collection, descriptors and handles, as the hours go by.
// Run: NODE_OPTIONS=--expose-gc npx tsx bench/eight-hours.ts [hours, default 8]
import { readdirSync } from 'node:fs'
import { createDeck } from '../extensions/backend/deck.ts'
import { keepHeapSmall } from '../extensions/backend/lib/small-heap.ts'
import { startCrowd } from './crowd.ts'
import { figure, printTable, runBench } from './measure.ts'

const SERENAS = 20
const ROUND_MS = 5_000
const HOUR_MS = 60 * 60_000
const hours = Number(process.argv[2] ?? 8)

await runBench('eight hours', async (scope) => {
  const { gc } = globalThis
  if (!gc) throw new Error('run it with NODE_OPTIONS=--expose-gc')
  keepHeapSmall(process.env)
  const crowd = await startCrowd(scope, SERENAS)
  const env = {
    ...process.env,
    SERENA_HOME: crowd.serenaHome,
    SERENA_DECK_ONLY_HOMES: crowd.serenaHome,
    SERENA_DECK_STATE: crowd.serenaHome,
  }
  let passedMs = 0
  const from = { wall: Date.now(), monotonic: performance.now() }
  const clock = { wall: () => from.wall + passedMs, monotonic: () => from.monotonic + passedMs }
  const deck = createDeck({ env, platform: process.platform, clock })
  const asked = (): number => [...crowd.requests().values()].reduce((sum, count) => sum + count, 0)

  const rows: string[][] = []
  let nextMs = HOUR_MS / 2
  for (; passedMs <= hours * HOUR_MS; passedMs += ROUND_MS) {
    const { instances } = await deck.instances.sweep()
    if (passedMs < nextMs) continue
    nextMs += HOUR_MS * (nextMs < HOUR_MS ? 0.5 : 1)
    await gc({ execution: 'async', type: 'major' })
    rows.push([
      figure(passedMs / HOUR_MS),
      String(instances.filter(({ state }) => state === 'live').length),
      String(asked()),
      figure(process.memoryUsage().heapUsed / 2 ** 20),
      String(readdirSync('/proc/self/fd').length),
      String(process.getActiveResourcesInfo().length),
    ])
  }
  await deck.close()
  printTable(['hours', 'live', 'requests so far', 'heap used, MiB', 'descriptors', 'active resources'], rows)
})
