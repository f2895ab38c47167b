// Reads what SERENA_DECK_SIGNAL_LOG names: every signal that the product sent must belong to a plan, to a child that it started, or to
// itself. Any other signal is a fault, whatever its effect.
import { readFileSync } from 'node:fs'
import type { SignalEntry } from '../../extensions/backend/os/signals.ts'

const PLAN = /^plan \S+$/
const OWN: readonly unknown[] = ['own child', 'self', 'own process']

export interface SignalLog {
  entries: SignalEntry[]
  /** One sentence each; empty: all signals had a reason. */
  faults: string[]
}

/** Returns the entries of the log and what is wrong with them. A log that was never written is empty. */
export function checkSignalLog(file: string): SignalLog {
  const entries: SignalEntry[] = []
  const faults: string[] = []
  for (const line of readLines(file)) {
    const entry = parseEntry(line)
    if (entry === null) {
      faults.push(`not an entry: ${line.slice(0, 200)}`)
      continue
    }
    entries.push(entry)
    const { pid, by, signal, reason, identity } = entry
    const isPlanned = typeof reason === 'string' && PLAN.test(reason)
    if (isPlanned && identity === null) faults.push(`${signal} to process ${pid} without its identity`)
    if (!isPlanned && !OWN.includes(reason))
      faults.push(`process ${by} sent ${signal} to process ${pid}, reason: ${String(reason)}`)
  }
  return { entries, faults }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    // No signal was sent.
    return []
  }
}

function parseEntry(line: string): SignalEntry | null {
  try {
    const entry: unknown = JSON.parse(line)
    const isEntry = typeof entry === 'object' && entry !== null && 'pid' in entry && 'signal' in entry
    return isEntry ? (entry as SignalEntry) : null
  } catch {
    // An incomplete line.
    return null
  }
}
