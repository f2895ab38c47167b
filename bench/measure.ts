// Shared by all benches: alternating rounds of ours and the peers, medians, the longest block of the event loop, a table.
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
 * Measures each candidate `rounds` times, in milliseconds. Every round runs all candidates, so that noise of the machine affects
 * all equally. `measure` may return another figure of a run than its time.
 */
export async function alternate<Name extends string>(
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
    // Rotate the first candidate as well: the first run after a pause is slower.
    const first = (round + warmUps) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const figure = await measure(ways[name])
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

/** Returns the wall time of one run, in milliseconds. */
export async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await run()
  return performance.now() - from
}

/** Returns the longest time between two turns of the event loop during one run, in milliseconds, including delays by the machine. */
export async function longestBlock(run: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isRunning = true
  let last = performance.now()
  const measureGap = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const turn = (): void => {
    measureGap()
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await run()
  isRunning = false
  measureGap()
  return longest
}

/** Formats with three digits at most: more would be noise. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Formats `peer / ours`, such as `3.1×`. */
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

/** Runs a bench: prints the machine's data first, and ends everything that it started, also on Ctrl+C. */
export async function runBench(title: string, main: (scope: Scope) => Promise<void>): Promise<void> {
  const load = loadavg()[0]?.toFixed(1)
  console.log(`# ${title}`)
  console.log(
    `${process.platform}, Node ${process.versions.node}, ${availableParallelism()} cores, load ${load}\n`,
  )
  const scope = createScope()
  // The exit handlers kill the children that still run.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    await main(scope)
  } finally {
    await scope.end()
  }
}
