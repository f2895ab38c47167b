// Children that must not outlive this process: those that still run when it exits are killed.
import type { ChildProcess } from 'node:child_process'
import { signalChild } from './signals.ts'

const running = new Set<ChildProcess>()
let isGuarding = false

// A pid is not reused before Node has reaped the child and emitted `exit`: no identity check is needed here.
function killLeftovers(): void {
  for (const child of running) signalChild(child, 'SIGKILL')
}

/** Kills the child when this process exits before it. Returns whether the child is still running. */
export function guardChild(child: ChildProcess): () => boolean {
  if (!isGuarding) process.on('exit', killLeftovers)
  isGuarding = true
  running.add(child)
  child.once('exit', () => running.delete(child))
  // It could not be started.
  child.once('error', () => child.pid === undefined && running.delete(child))
  return () => running.has(child)
}
