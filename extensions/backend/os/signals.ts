// Every signal that the product sends goes through here, so that all can be written to one file: the file that the environment variable
// SERENA_DECK_SIGNAL_LOG names gets a JSON line for each, with the process, its identity, the signal and the reason.
import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { codeOf } from '../lib/error-code.ts'
import type { ProcessIdentity } from './process-identity.ts'

/** Why a signal is sent: for the end of an instance that was planned, to a child that we started, to ourselves, to our own backend. */
export type SignalReason = `plan ${string}` | 'own child' | 'self' | 'own process'

export interface SignalEntry {
  /** Epoch milliseconds. */
  atMs: number
  /** The pid that sends it. */
  by: number
  pid: number
  /** Null: a child of ours, whose pid stays its own until we have reaped it. */
  identity: ProcessIdentity | null
  signal: string
  /** Null: none was given, which is a bug. */
  reason: SignalReason | null
  outcome: 'sent' | 'gone' | 'refused'
}

/** Logs a signal that was sent. A log that cannot be written does not stop an ending. */
export function logSignal(entry: Omit<SignalEntry, 'atMs' | 'by'>): void {
  const file = process.env['SERENA_DECK_SIGNAL_LOG']
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, `${JSON.stringify({ atMs: Date.now(), by: process.pid, ...entry })}\n`, {
      mode: 0o600,
    })
  } catch {
    // The log is only for tests: entries that cannot be written are lost.
  }
}

/** Signals a child that we started: its pid is not reused before Node has reaped it. */
export function signalChild(child: ChildProcess, signal: NodeJS.Signals): boolean {
  const isSent = child.kill(signal)
  if (child.pid !== undefined)
    logSignal({
      pid: child.pid,
      identity: null,
      signal,
      reason: 'own child',
      outcome: isSent ? 'sent' : 'gone',
    })
  return isSent
}

/** Ends this process with the signal that ended another one. */
export function signalSelf(signal: NodeJS.Signals): void {
  logSignal({ pid: process.pid, identity: null, signal, reason: 'self', outcome: 'sent' })
  process.kill(process.pid, signal)
}

/** Signals a pid. The caller proves immediately before that it is the intended process, and logs the signal. */
export function signalPid(pid: number, signal: NodeJS.Signals): SignalEntry['outcome'] {
  try {
    process.kill(pid, signal)
    return 'sent'
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? 'gone' : 'refused'
  }
}
