// Simulates eight hours of a backend in a few minutes: the same number of scans, on a clock that advances 5 s per scan, with real
// stand-ins and the real /proc. Prints heap after a collection, descriptors and handles for each simulated hour.
// Run: NODE_OPTIONS=--expose-gc npx tsx bench/eight-hours.ts [hours, default 8]
import { readdirSync } from 'node:fs'
import { createDeck } from '../extensions/backend/compose/deck.ts'
import { keepMemorySmall } from '../extensions/backend/os/small-memory.ts'
import { figure, printTable, runBench } from './measure.ts'
import { startStandInGroup } from './stand-in-group.ts'

const SERENAS = 20
const ROUND_MS = 5_000
const HOUR_MS = 60 * 60_000
const hours = Number(process.argv[2] ?? 8)

await runBench('eight hours', async (scope) => {
  const { gc } = globalThis
  if (!gc) throw new Error('run it with NODE_OPTIONS=--expose-gc')
  keepMemorySmall(process.env, process.platform)
  const group = await startStandInGroup(scope, SERENAS)
  const env = {
    ...process.env,
    SERENA_HOME: group.serenaHome,
    SERENA_DECK_ONLY_HOMES: group.serenaHome,
    SERENA_DECK_STATE: group.serenaHome,
  }
  let passedMs = 0
  const from = { wall: Date.now(), monotonic: performance.now() }
  const clock = { wall: () => from.wall + passedMs, monotonic: () => from.monotonic + passedMs }
  const deck = createDeck({ env, platform: process.platform, clock })
  const asked = (): number => [...group.requests().values()].reduce((sum, count) => sum + count, 0)

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
