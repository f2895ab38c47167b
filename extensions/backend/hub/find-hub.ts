// Finds the running hub, or starts one: only the holder of the kernel lock `start` does, all others wait for its socket. An older hub is
// asked once to retire and replaced when it has ended.
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { uptimeMs } from '../lib/uptime.ts'
import type { Detached } from '../os/detached.ts'
import { type KernelLock, takeKernelLock } from '../os/kernel-lock.ts'
import { greetHub, readFirstLine } from './hub-socket.ts'
import type { ClientHello, ControlHello, ObserverHello, Welcome } from './protocol.ts'
import { PROTOCOL } from './protocol.ts'
import { type HubStart, logTail, startHub } from './start-hub.ts'

const LIMIT_MS = 20_000
/** A hub answers within milliseconds; one that was stopped or hangs does not. */
const ANSWER_MS = 10_000
const FIRST_WAIT_MS = 10
const LAST_WAIT_MS = 100
/** While an older hub waits for its calls. */
const RETIRE_WAIT_MS = 300
/** The hub before may still hold the hub's lock: the new one then exits with code 0. */
const START_AGAIN_MS = 1_000

export type ClientSearch = HubStart & { hello: ClientHello; limitMs?: number }

/** What one search knows. */
interface Search {
  readonly start: HubStart
  readonly hello: ClientHello
  readonly endMs: number
  lock: KernelLock | null
  /** The socket was probed while we hold the lock. */
  isProbed: boolean
  started: Detached | null
  startedAtMs: number
  /** An older hub that is running. */
  older: Welcome | null
  isRetiring: boolean
  /** The hub is running and does not answer. */
  isSilent: boolean
}

/**
 * Returns a paused connection to the hub, which has accepted the hello. AppError: `hub-not-started` with the end of its log,
 * `hub-too-old`, `hub-refused`, `hub-unsafe`, and those of its files.
 */
export async function findHub({ hello, limitMs = LIMIT_MS, ...start }: ClientSearch): Promise<Socket> {
  const search: Search = {
    start,
    hello,
    endMs: uptimeMs() + limitMs,
    lock: null,
    isProbed: false,
    started: null,
    startedAtMs: 0,
    older: null,
    isRetiring: false,
    isSilent: false,
  }
  try {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
      const socket = await connectOnce(search)
      if (socket !== null) return socket
      if (uptimeMs() > search.endMs) throw whyNot(search, limitMs)
      if (await advance(search)) await sleep(jitter(search.older ? RETIRE_WAIT_MS : waitMs))
    }
  } finally {
    search.lock?.release()
  }
}

/** Many processes may wait for the same hub. */
const jitter = (ms: number): number => ms * (0.5 + Math.random())

/** Null: there is no hub that can be used yet. */
async function connectOnce(search: Search): Promise<Socket | null> {
  const { hello, start } = search
  // A hub that is asked again and again must not make a session each time.
  const limitMs = Math.max(Math.min(ANSWER_MS, search.endMs - uptimeMs()), FIRST_WAIT_MS)
  const greeted = await greetHub(start.place.socket, search.older ? asObserver(hello) : hello, limitMs)
  search.isProbed = search.lock !== null
  search.isSilent = greeted === 'silent'
  if (greeted === 'silent') return null
  if (greeted === 'absent') {
    search.older = null
    return null
  }
  const { answer, socket } = greeted
  if (answer.protocol >= PROTOCOL && answer.serenaDeck === 'welcome' && search.older === null) return socket
  socket.destroy()
  if (answer.protocol < PROTOCOL) {
    search.older = answer
    return null
  }
  if (answer.serenaDeck === 'refused') throw new AppError('hub-refused', { why: answer.why, fix: answer.fix })
  // The older hub was replaced: the next attempt says the real hello.
  search.older = null
  return connectOnce(search)
}

/** Does what the holder of the lock has to do; false: the socket is to be probed at once. */
async function advance(search: Search): Promise<boolean> {
  const { start, older, started } = search
  if (search.isSilent) return true
  if (search.lock === null) {
    search.lock = await takeKernelLock(start.place.folder, 'start')
    return search.lock === null
  }
  if (older !== null) {
    if (!search.isRetiring) await retireHub(start.place.socket, search.hello)
    search.isRetiring = true
    return true
  }
  if (started?.hasEnded() && started.exitCode() !== 0) throw whyNot(search, 0)
  const isEndedAgain = started?.hasEnded() && uptimeMs() - search.startedAtMs > START_AGAIN_MS
  if (search.isProbed && (started === null || isEndedAgain)) {
    search.started = await startHub(start)
    search.startedAtMs = uptimeMs()
  }
  return true
}

function whyNot({ start, older, started, isSilent }: Search, limitMs: number): AppError {
  const { logFile } = start.place
  if (isSilent) return new AppError('hub-silent')
  if (older !== null) return new AppError('hub-too-old', { release: older.release })
  const late = limitMs === 0 ? '' : `it was not ready after ${limitMs / 1000} s. `
  // Without a start of ours the log belongs to another process, and may be of a hub that ran well.
  return new AppError('hub-not-started', {
    words: `${late}${started ? logTail(logFile) : ''}`.trim(),
    logFile,
  })
}

const asObserver = ({ serenaDeck, protocol, release, pid }: ClientHello): ObserverHello => ({
  serenaDeck,
  protocol,
  release,
  pid,
  kind: 'observer',
})

/** Asks an older hub to end as soon as no call is running. */
async function retireHub(socketPath: string, hello: ClientHello): Promise<void> {
  const { serenaDeck, protocol, release, pid } = hello
  const retire: ControlHello = {
    serenaDeck,
    protocol,
    release,
    pid,
    kind: 'control',
    action: 'retire',
    target: null,
  }
  const greeted = await greetHub(socketPath, retire, RETIRE_WAIT_MS)
  if (greeted === 'absent' || greeted === 'silent') return
  await readFirstLine(greeted.socket, RETIRE_WAIT_MS)
  greeted.socket.destroy()
}
