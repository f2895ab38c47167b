// One TCP connection to exactly the address that a dashboard listens on. Before a change, the expected process is proven to have the
// other end: another process may have taken the port since the socket table was read.
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { connectAddress, isLoopback } from '../lib/network-address.ts'
import type { ConnectionEnds, ConnectionOwner } from '../os/network-facts.ts'
import type { DashboardTarget } from './dashboard-facts.ts'

/** Reports whether the expected process has the other end. Absent where the platform cannot report it: then the check of its listeners before the call must do. */
export type OwnsConnection = (
  owner: NonNullable<DashboardTarget['owner']>,
  ends: ConnectionEnds,
) => Promise<ConnectionOwner>

/** Between two checks: a server accepts within a millisecond, or once its running request ends. */
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 100
/** For a moment after the accept, neither the queue nor the process's descriptors show the connection. */
const MAX_OTHER = 4

/** The cause of an AppError when no byte of the request was sent, so that it cannot have had an effect. */
export class NotSent extends Error {
  /** True if the reason is on this side of the connection. */
  readonly isOurs: boolean

  constructor(why: string, isOurs = false) {
    super(why)
    this.isOurs = isOurs
  }
}

/** Returns true if the request was never sent. */
export const isNotSent = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof NotSent

/** Returns true if this side could not send the request, which says nothing about the dashboard. */
export const isLocalFailure = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof NotSent && error.cause.isOurs

type Unsent = 'instance-replaced' | 'dashboard-timeout' | 'dashboard-unreachable'
const notSent = (code: Unsent, why: string, isOurs = false) =>
  new AppError(code, {}, { cause: new NotSent(why, isOurs) })

/** Errors that the other end can cause. All others (no permission, no descriptor, no such address) are on this side. */
const THEIR_ERRORS: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']

/** Connects. AppError with `NotSent` as its cause: `dashboard-unreachable`, `dashboard-timeout`. */
export async function openConnection(
  { listener }: Pick<DashboardTarget, 'listener'>,
  signal: AbortSignal,
): Promise<Socket> {
  if (listener.unreachable !== undefined) throw notSent('dashboard-unreachable', listener.unreachable, true)
  const host = connectAddress(listener.address)
  // Bound to the same address: if it is no longer this machine's, the connection fails instead of leaving the machine.
  const near = isLoopback(host) ? {} : { localAddress: host }
  const socket = connect({ host, port: listener.port, ...near, signal })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
  } catch (cause) {
    socket.destroy()
    const why = cause instanceof Error ? cause.message : String(cause)
    if (signal.aborted) throw notSent('dashboard-timeout', why)
    const isTheirs = cause instanceof Error && 'code' in cause && THEIR_ERRORS.includes(cause.code)
    throw notSent('dashboard-unreachable', why, !isTheirs)
  }
  // The client adds a listener of its own. Until then a reset must not be an uncaught error.
  socket.on('error', () => undefined)
  return socket
}

/**
 * Waits until the process of the target is seen to have the other end. AppError `instance-replaced`: another process has it, or
 * that is not visible; `dashboard-timeout`: it was not accepted in time. Both have `NotSent` as their cause.
 */
export async function proveOwner(
  socket: Socket,
  { owner }: Pick<DashboardTarget, 'owner'>,
  owns: OwnsConnection,
  signal: AbortSignal,
): Promise<void> {
  if (owner === null) throw notSent('instance-replaced', 'the process cannot be read')
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (!localAddress || !localPort || !remoteAddress || !remotePort)
    throw notSent('dashboard-unreachable', 'the connection closed')
  const ends: ConnectionEnds = {
    theirs: { address: remoteAddress, port: remotePort },
    ours: { address: localAddress, port: localPort },
  }
  let timesOther = 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const found = await owns(owner, ends)
    if (found === 'own') return
    timesOther = found === 'waiting' ? 0 : timesOther + 1
    if (timesOther >= MAX_OTHER) throw notSent('instance-replaced', `the other end: ${found}`)
    if (signal.aborted) throw notSent('dashboard-timeout', 'the connection was not accepted in time')
    if (socket.destroyed) throw notSent('dashboard-unreachable', 'the connection closed')
    await pause(pauseMs)
  }
}
