// Reads the memory of a process tree from the kernel, to compare it with the reported value.
import { readFileSync } from 'node:fs'
import { markTree } from './processes.ts'

/** Returns the sum of PSS of a process and its descendants, in bytes. Linux. */
export function pssOfTree(root: number): number {
  return markTree(root).reduce((sum, { pid }) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return sum + Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  }, 0)
}
