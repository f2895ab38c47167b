// One TCP connection to exactly the address a dashboard listens on; for a change it is proven first that the process which was
// meant has the other end. A port number may have changed hands between the look at the socket table and this moment.
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import type { ConnectionEnds, ConnectionOwner, DashboardTarget } from '../../facts-network.ts'
import { askedAddress, isLoopback } from '../../lib/network-address.ts'

/** Whether the process that was meant has the other end. Absent: the platform cannot tell, and the look at its listeners before the call has to do. */
export type OwnsConnection = (
  owner: NonNullable<DashboardTarget['owner']>,
  ends: ConnectionEnds,
) => Promise<ConnectionOwner>

/** Between two looks: a server accepts within a millisecond, or once its running request ends. */
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 100
/** Between accepting and the descriptor in the process's table there is a moment in which neither can be seen. */
const LOOKS_AT_OTHER = 4

/** As the cause of an AppError: not one byte of the request was sent, so it cannot have had an effect. */
export class NotSent extends Error {
  /** The reason is on this side of the connection. */
  readonly isOurs: boolean

  constructor(why: string, isOurs = false) {
    super(why)
    this.isOurs = isOurs
  }
}

/** True: the request of this failure was never sent. */
export const isNotSent = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof NotSent

/** True: it could not be asked at all, which says nothing of it. */
export const isUnasked = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof NotSent && error.cause.isOurs

type Unsent = 'instance-replaced' | 'dashboard-timeout' | 'dashboard-unreachable'
const notSent = (code: Unsent, why: string, isOurs = false) =>
  new AppError(code, {}, { cause: new NotSent(why, isOurs) })

/** What the other end can cause. All else (no right to connect, no descriptor, no such address) is on our side. */
const THEIR_ERRORS: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']

/** Connects. AppError with `NotSent` as its cause: `dashboard-unreachable`, `dashboard-timeout`. */
export async function openConnection(
  { listener }: Pick<DashboardTarget, 'listener'>,
  signal: AbortSignal,
): Promise<Socket> {
  if (listener.unreachable !== undefined) throw notSent('dashboard-unreachable', listener.unreachable, true)
  const host = askedAddress(listener.address)
  // An address that is no longer this machine's cannot be the near end, so no request leaves it.
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
  // The client adds a listener of its own; until then a reset is no fault of ours.
  socket.on('error', () => undefined)
  return socket
}

/**
 * Waits until the process of the target is seen to have the other end. AppError `instance-replaced`: another one has it, or
 * that cannot be seen; `dashboard-timeout`: it was not accepted in time. Both with `NotSent` as their cause.
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
  let looksAtOther = 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const found = await owns(owner, ends)
    if (found === 'own') return
    looksAtOther = found === 'waiting' ? 0 : looksAtOther + 1
    if (looksAtOther >= LOOKS_AT_OTHER) throw notSent('instance-replaced', `the other end: ${found}`)
    if (signal.aborted) throw notSent('dashboard-timeout', 'the connection was not accepted in time')
    if (socket.destroyed) throw notSent('dashboard-unreachable', 'the connection closed')
    await pause(pauseMs)
  }
}
