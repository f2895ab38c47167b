// Reads CPU time, memory and descriptors of a process from the kernel. Linux only, as the figures in docs/dev/performance.md.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { Scope } from '../test/helpers/scope.ts'

/** Returns the user and system time of a process since its start, in milliseconds; the kernel counts in ticks of 10 ms. */
export function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Returns PSS, RSS and private memory, in bytes. */
export function memoryOf(pid: number): { pss: number; rss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN) * 1024
  return { pss: bytes('Pss'), rss: bytes('Rss') }
}

export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

export const processCount = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length

/** Starts `sleep` processes until the machine has `total` processes; they are killed when the scope ends. */
export async function fillUpTo(total: number, scope: Scope): Promise<void> {
  const sleeps: ChildProcess[] = []
  const killAll = (): void => {
    for (const child of sleeps) child.kill('SIGKILL')
  }
  process.on('exit', killAll)
  scope.add(async () => {
    const alive = sleeps.filter((child) => child.exitCode === null && child.signalCode === null)
    const exited = alive.map((child) => once(child, 'exit'))
    killAll()
    await Promise.all(exited)
    process.off('exit', killAll)
  })
  for (let missing = total - processCount(); missing > 0; missing -= 1) {
    const child = spawn('sleep', ['3600'], { stdio: 'ignore' })
    sleeps.push(child)
    await once(child, 'spawn')
  }
}
