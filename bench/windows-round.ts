// One scan of the Windows source with 300 processes: `node --import tsx bench/windows-round.ts` on Windows or under Wine. Prints the time of
// the first and of a usual scan, the processes that the scans started, and the memory that they cost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { win32 } from 'node:path'
import { createProcessSource } from '../extensions/backend/os/platform-source.ts'

const PROCESSES = 300
const ROUNDS = 100
const cmd = win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe')

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await run()
  return performance.now() - began
}

// A shell that waits for its input is the lightest program that every Windows has.
const children = Array.from({ length: PROCESSES }, () =>
  spawn(cmd, ['/d', '/q', '/k'], { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true }),
)
await Promise.all(children.map((child) => once(child, 'spawn')))

const source = createProcessSource()
const memoryBefore = process.memoryUsage.rss()
const firstMs = await timed(() => source.list())
const before = (await source.list()).byPid
const scans: number[] = []
const quick: number[] = []
const watched = new Set(children.map(({ pid }) => pid ?? 0))
for (let at = 0; at < ROUNDS; at++) {
  scans.push(await timed(() => source.list()))
  quick.push(await timed(() => source.quickScan(watched)))
}
const after = (await source.list()).byPid
const started = [...after.values()].filter(({ identity, pid }) => before.get(pid)?.identity !== identity)

console.log(
  JSON.stringify({
    processes: after.size,
    firstMs: Math.round(firstMs),
    scanMs: Number(median(scans).toFixed(1)),
    quickScanMs: Number(median(quick).toFixed(1)),
    startedPerRound: started.length / ROUNDS,
    memoryMb: Number(((process.memoryUsage.rss() - memoryBefore) / 1e6).toFixed(1)),
  }),
)
for (const child of children) child.kill()
