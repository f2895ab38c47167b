// What all benches share: rounds of ours and the peers in turn, medians, the longest hold of the event loop, a table.
import { availableParallelism, loadavg } from 'node:os'
import { createScope, type Scope } from '../test/helpers/scope.ts'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

type Ways<Name extends string> = Readonly<Record<Name, () => Promise<unknown>>>

/**
 * Milliseconds of each way, `rounds` times; in every round each way has its turn, so that noise of the machine hits all alike.
 * `measure` may be another figure of one run than its time.
 */
export async function inTurn<Name extends string>(
  ways: Ways<Name>,
  rounds: number,
  {
    warmUps = 1,
    measure = timeOf,
    beforeRound = () => Promise.resolve(),
  }: { warmUps?: number; measure?: typeof timeOf; beforeRound?: () => Promise<unknown> } = {},
): Promise<Record<Name, number[]>> {
  const names = Object.keys(ways) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = -warmUps; round < rounds; round += 1) {
    await beforeRound()
    // Each begins a round in its turn, too: who comes first after a pause is slower.
    const first = (round + warmUps) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const figure = await measure(ways[name])
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

/** Wall time of one run, milliseconds. */
export async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await run()
  return performance.now() - from
}

/** The longest time between two turns of the event loop during one run, milliseconds; it holds what the machine took as well. */
export async function longestHold(run: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isRunning = true
  let last = performance.now()
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const turn = (): void => {
    look()
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await run()
  isRunning = false
  look()
  return longest
}

/** Three digits at most: more would be noise. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** `peer / ours`, such as `3.1×`: how many times less ours needs. */
export const ratio = (peer: number, ours: number): string => `${figure(peer / ours)}×`

/** Prints a Markdown table. */
export function printTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  console.log(line(columns))
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  for (const row of rows) console.log(line(row))
  console.log('')
}

/** Runs a bench: says on what machine, and ends everything that it started, also on Ctrl+C. */
export async function runBench(title: string, main: (scope: Scope) => Promise<void>): Promise<void> {
  const load = loadavg()[0]?.toFixed(1)
  console.log(`# ${title}`)
  console.log(
    `${process.platform}, Node ${process.versions.node}, ${availableParallelism()} cores, load ${load}\n`,
  )
  const scope = createScope()
  // The exit handlers of the children that are still there kill them.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    await main(scope)
  } finally {
    await scope.end()
  }
}
