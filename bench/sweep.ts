// Measures the listing of all processes (ours, ps-list, systeminformation) and a complete scan: time, and how long the event loop
// was blocked. Run: npx tsx bench/sweep.ts
import { setTimeout as sleep } from 'node:timers/promises'
import psList from 'ps-list'
import { processes } from 'systeminformation'
import { createDeck } from '../extensions/backend/compose/deck.ts'
import { createProcessSource } from '../extensions/backend/os/platform-source.ts'
import { createScope } from '../test/helpers/scope.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'
import { alternate, figure, longestBlock, median, printTable, ratio, runBench } from './measure.ts'
import { fillUpTo, processCount } from './processes.ts'
import { startStandInGroup } from './stand-in-group.ts'

const ROUNDS = 15
const SERENAS = 20
/** Younger processes are read again each time, because an exec may change them; they would distort an idle measurement. */
const SETTLED_MS = 11_000

async function listings(): Promise<void> {
  const source = createProcessSource()
  let fresh = source
  const ways: Record<string, () => Promise<unknown>> = {
    ours: () => source.list(),
    'ours, without cache': () => fresh.list(),
    'ps-list': () => psList(),
    systeminformation: () => processes(),
  }
  // systeminformation caches a result for half a second: wait, so that each round reads again.
  const beforeRound = (): Promise<void> => {
    fresh = createProcessSource()
    return sleep(600)
  }
  const options = { beforeRound }
  const times = await alternate(ways, ROUNDS, options)
  const holds = await alternate(ways, ROUNDS, { ...options, measure: longestBlock })
  const idle = await alternate({ idle: () => sleep(30) }, ROUNDS, { measure: longestBlock })
  const ours = median(times['ours'] ?? [])
  const rows = Object.entries(times).map(([name, values]) => {
    const held = holds[name] ?? []
    return [
      name,
      figure(median(values)),
      ratio(median(values), ours),
      figure(median(held)),
      figure(Math.max(...held)),
    ]
  })
  console.log(`## ${processCount()} processes, median of ${ROUNDS} alternating rounds`)
  printTable(
    ['listing', 'ms', 'times ours', 'loop blocked, ms (median)', 'loop blocked, ms (max)'],
    [...rows, ['(an idle loop)', '–', '–', figure(median(idle.idle)), figure(Math.max(...idle.idle))]],
  )
}

async function rounds(serenaHome: string, name: string): Promise<void> {
  const env = { ...process.env, SERENA_HOME: serenaHome, SERENA_DECK_ONLY_HOMES: serenaHome }
  const deck = createDeck({ env, platform: process.platform })
  const sweep = (): Promise<unknown> => deck.instances.sweep()
  const firstBlock = await longestBlock(sweep)
  const found = deck.instances.current().instances.length
  const { time } = await alternate({ time: sweep }, ROUNDS)
  const { hold } = await alternate({ hold: sweep }, ROUNDS, { measure: longestBlock })
  await deck.close()
  console.log(`## ${name}: ${processCount()} processes, ${found} Serenas`)
  printTable(
    ['complete scan, ms', 'ms', 'loop blocked, ms (median)', 'loop blocked, ms (max)'],
    [
      ['first', '–', figure(firstBlock), figure(firstBlock)],
      ['later', figure(median(time)), figure(median(hold)), figure(Math.max(...hold))],
    ],
  )
}

async function atSize(total: number): Promise<void> {
  const scope = createScope()
  try {
    await fillUpTo(total, scope)
    await sleep(SETTLED_MS)
    await listings()
    await rounds(await makeTempFolder(scope, 'empty-home'), 'without stand-ins')
    const { serenaHome } = await startStandInGroup(scope, SERENAS)
    await sleep(SETTLED_MS)
    await rounds(serenaHome, 'with stand-ins')
  } finally {
    await scope.end()
  }
}

await runBench('sweep', async () => {
  for (const total of [150, 1000]) await atSize(total)
})
