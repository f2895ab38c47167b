// Listing all processes, ours beside ps-list and systeminformation, and a whole round of the sweep: time, and how long the
// event loop was held. Run: npx tsx bench/sweep.ts
import { setTimeout as sleep } from 'node:timers/promises'
import psList from 'ps-list'
import { processes } from 'systeminformation'
import { createDeck } from '../extensions/backend/deck.ts'
import { createProcessSource } from '../extensions/backend/os/process-source.ts'
import { createScope } from '../test/helpers/scope.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'
import { startCrowd } from './crowd.ts'
import { figure, inTurn, longestHold, median, printTable, ratio, runBench } from './measure.ts'
import { fillUpTo, processCount } from './processes.ts'

const ROUNDS = 15
const SERENAS = 20
/** Younger processes are read anew each time, for an exec may change them: a machine full of those is no machine at rest. */
const SETTLED_MS = 11_000

async function listings(): Promise<void> {
  const source = createProcessSource()
  let fresh = source
  const ways: Record<string, () => Promise<unknown>> = {
    ours: () => source.list(),
    'ours, nothing remembered': () => fresh.list(),
    'ps-list': () => psList(),
    systeminformation: () => processes(),
  }
  // systeminformation keeps an answer for half a second: each round must see it look again.
  const beforeRound = (): Promise<void> => {
    fresh = createProcessSource()
    return sleep(600)
  }
  const options = { beforeRound }
  const times = await inTurn(ways, ROUNDS, options)
  const holds = await inTurn(ways, ROUNDS, { ...options, measure: longestHold })
  const idle = await inTurn({ idle: () => sleep(30) }, ROUNDS, { measure: longestHold })
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
  console.log(`## ${processCount()} processes, median of ${ROUNDS} in turn`)
  printTable(
    ['listing', 'ms', 'of ours', 'loop held ms, median', 'loop held ms, worst'],
    [...rows, ['(an idle loop)', '–', '–', figure(median(idle.idle)), figure(Math.max(...idle.idle))]],
  )
}

async function rounds(serenaHome: string, name: string): Promise<void> {
  const env = { ...process.env, SERENA_HOME: serenaHome, SERENA_DECK_ONLY_HOMES: serenaHome }
  const deck = createDeck({ env, platform: process.platform })
  const sweep = (): Promise<unknown> => deck.instances.sweep()
  const firstHold = await longestHold(sweep)
  const found = deck.instances.current().instances.length
  const { time } = await inTurn({ time: sweep }, ROUNDS)
  const { hold } = await inTurn({ hold: sweep }, ROUNDS, { measure: longestHold })
  await deck.close()
  console.log(`## ${name}: ${processCount()} processes, ${found} Serenas`)
  printTable(
    ['whole round', 'ms', 'loop held ms, median', 'loop held ms, worst'],
    [
      ['the first', '–', figure(firstHold), figure(firstHold)],
      ['later ones', figure(median(time)), figure(median(hold)), figure(Math.max(...hold))],
    ],
  )
}

async function atSize(total: number): Promise<void> {
  const scope = createScope()
  try {
    await fillUpTo(total, scope)
    await sleep(SETTLED_MS)
    await listings()
    await rounds(await makeTempFolder(scope, 'empty-home'), 'no Serena of ours')
    const { serenaHome } = await startCrowd(scope, SERENAS)
    await sleep(SETTLED_MS)
    await rounds(serenaHome, 'with stand-ins')
  } finally {
    await scope.end()
  }
}

await runBench('sweep', async () => {
  for (const total of [150, 1000]) await atSize(total)
})
