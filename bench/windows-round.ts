// One scan of the Windows source with 300 processes: `node --import tsx bench/windows-round.ts` on Windows or under Wine. Prints the time of
// the first and of a usual scan, of the system call in it, the processes that the scans started, and the memory that they cost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { win32 } from 'node:path'
import { createProcessSource } from '../extensions/backend/os/platform-source.ts'
import { loadWindowsCalls } from '../extensions/backend/os/windows/native-calls.ts'
import { SYSTEM_PROCESS_INFORMATION } from '../extensions/backend/os/windows/native-process-info.ts'

/** Windows adds a console host to each. */
const SHELLS = 150
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
const children = Array.from({ length: SHELLS }, () =>
  spawn(cmd, ['/d', '/q', '/k'], { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true }),
)
await Promise.all(children.map((child) => once(child, 'spawn')))

const source = createProcessSource()
/** After a collection, with `--expose-gc`. */
const usedBytes = (): number => {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
const memoryBefore = usedBytes()
const firstMs = await timed(() => source.list())
const before = (await source.list()).byPid
const scans: number[] = []
const quick: number[] = []
const system: number[] = []
const { calls, problem } = loadWindowsCalls()
if (calls === null) throw new Error(problem)
const bytes = Buffer.alloc(4 * 1024 * 1024)
const watched = new Set(children.map(({ pid }) => pid ?? 0))
for (let at = 0; at < ROUNDS; at++) {
  scans.push(await timed(() => source.list()))
  system.push(
    await timed(() =>
      Promise.resolve(calls.NtQuerySystemInformation(SYSTEM_PROCESS_INFORMATION, bytes, bytes.length, [0])),
    ),
  )
  quick.push(await timed(() => source.quickScan(watched)))
}
const after = (await source.list()).byPid
const started = [...after.values()].filter(({ identity, pid }) => before.get(pid)?.identity !== identity)

console.log(
  JSON.stringify({
    processes: after.size,
    firstMs: Math.round(firstMs),
    systemMs: Number(median(system).toFixed(1)),
    scanMs: Number(median(scans).toFixed(1)),
    quickScanMs: Number(median(quick).toFixed(1)),
    startedPerRound: started.length / ROUNDS,
    memoryMb: Number(((usedBytes() - memoryBefore) / 1e6).toFixed(1)),
  }),
)
for (const child of children) child.kill()
