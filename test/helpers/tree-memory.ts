// The memory of a tree as the kernel counts it, for comparison with what we tell.
import { readFileSync } from 'node:fs'
import { markTree } from './processes.ts'

/** Sum of PSS over a process and its descendants, bytes. Linux. */
export function pssOfTree(root: number): number {
  return markTree(root).reduce((sum, { pid }) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return sum + Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  }, 0)
}
