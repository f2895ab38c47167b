// Ends a process tree that keeps starting processes, with Serena Deck, tree-kill and fkill, and counts the processes left.
// Needs a build. Linux only. Run: npx tsx bench/ending.ts
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fkill from 'fkill'
import treeKill from 'tree-kill'
import { type StandIn, startStandIn } from '../extensions/backend/demo/start-stand-in.ts'
import { startBackend, type TestBackend } from '../test/helpers/backend.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { makeTempFolder } from '../test/helpers/temp-home.ts'
import { waitUntil } from '../test/helpers/wait-until.ts'
import { figure, median, printTable, runBench } from './measure.ts'

const ROUNDS = 12
const SPAWNING_MS = 1_000
/** A process that still runs after this time counts as left behind. */
const SETTLE_MS = 500
const MARK = 'SERENA_DECK_BENCH_TREE'

interface Tree {
  standIn: StandIn
  /** Returns its running processes, whatever their parent is now: all have the mark in their environment. */
  pids(): number[]
}

function pidsMarked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`)
      } catch {
        // It has exited, or belongs to another user.
        return false
      }
    })
    .map(Number)
}

async function startTree(scope: Scope, serenaHome: string): Promise<Tree> {
  const mark = randomUUID()
  const preload = fileURLToPath(new URL('spawner.cjs', import.meta.url))
  const pids = (): number[] => pidsMarked(mark)
  const killAll = (): void => {
    for (let left = pids(); left.length > 0; left = pids())
      for (const pid of left) process.kill(pid, 'SIGKILL')
  }
  scope.add(killAll)
  const standIn = await startStandIn({
    folder: await makeTempFolder(scope, 'tree'),
    serenaHome,
    options: {},
    env: { [MARK]: mark, NODE_OPTIONS: `--require ${preload}` },
  })
  await sleep(SPAWNING_MS)
  return { standIn, pids }
}

async function endByUs(backend: TestBackend, { standIn }: Tree): Promise<void> {
  const id = await waitUntil('its tab', async () => {
    const { instances } = await backend.call('instances')
    return instances.find(({ pid }) => pid === standIn.pid)?.id
  })
  await backend.call('end', { body: { ids: [id], scope: 'named' } })
}

await runBench('ending', async (scope) => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const ways: Record<string, (tree: Tree) => Promise<unknown>> = {
    ours: (tree) => endByUs(backend, tree),
    'tree-kill, SIGKILL': ({ standIn }) =>
      new Promise<void>((resolve, reject) =>
        treeKill(standIn.pid, 'SIGKILL', (error) => (error ? reject(error) : resolve())),
      ),
    'fkill, forced, with its tree': ({ standIn }) => fkill(standIn.pid, { force: true, tree: true }),
  }
  const rows: string[][] = []
  const results = new Map(
    Object.keys(ways).map((name) => [
      name,
      { leaks: [] as number[], ms: [] as number[], of: [] as number[] },
    ]),
  )
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, end] of Object.entries(ways)) {
      const tree = await startTree(scope, serenaHome)
      const of = tree.pids().length
      const from = performance.now()
      await end(tree)
      const tookMs = performance.now() - from
      await sleep(SETTLE_MS)
      const left = tree.pids()
      results.get(name)?.ms.push(tookMs)
      results.get(name)?.leaks.push(left.length)
      results.get(name)?.of.push(of)
      for (const pid of left) process.kill(pid, 'SIGKILL')
    }
  for (const [name, { leaks, ms, of }] of results)
    rows.push([
      name,
      `${leaks.filter((count) => count > 0).length} of ${ROUNDS}`,
      figure(median(leaks)),
      figure(median(of)),
      figure(median(ms)),
    ])
  console.log(`## A tree that starts a process every 10 ms, ended ${ROUNDS} times per tool, alternating`)
  printTable(['', 'rounds with leaks', 'processes left (median)', 'of', 'ms (median)'], rows)
})
