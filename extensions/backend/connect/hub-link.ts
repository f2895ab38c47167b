// The connection to the hub: whole lines both ways, and another hub when the one that serves us exits. Nothing runs at rest.
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { uptimeMs } from '../lib/uptime.ts'
import { createLineSplitter } from '../mcp/line-splitter.ts'
import type { Outgoing } from './client-session.ts'

export const NEWLINE = Buffer.from('\n')
export const MAX_LINE_BYTES = 256 * 1024 * 1024
/** Longer lines are written without a copy. */
const COPY_BYTES = 16 * 1024
const RETRY_MS = 5_000
/** Of one slow try. */
const RETRY_LIMIT_MS = 2_000
const LOSS_WINDOW_MS = 60_000
const FIRST_PAUSE_MS = 250

export interface HubLinkDeps {
  /** Returns a paused connection to a hub that has accepted our hello. */
  open(limitMs?: number): Promise<Socket>
  /** Receives the lines: while it is full, the hub is not read. */
  output: Writable
  onLine(line: Buffer): void
  /** The hub is ready for lines. */
  onOpen(): void
  /** The hub reads again after `write` has returned false. */
  onDrain(): void
  /** The connection is lost; another one is opened. */
  onLost(): void
  /** There is no hub. It is tried again every 5 s until `stop`. */
  onFailure(error: unknown, isFirst: boolean): void
  onTooLong(): void
}

export interface HubLink {
  isOpen(): boolean
  /** Returns false if the hub is slow: pause until `onDrain`. */
  write(outgoing: Outgoing): boolean
  /** The output has space again. */
  resume(): void
  /** Closes our direction, after all that was written; `then` is called when it is out. */
  end(then: () => void): void
  /** Drops this hub and opens another connection. */
  leave(): void
  /** Drops this hub, which was stopped, and opens another connection only after `wake`. */
  rest(): void
  /** Another connection is needed. */
  wake(): void
  /** Opens no more connections. */
  stop(): void
}

/** Opens the first connection at once. */
export function createHubLink(deps: HubLinkDeps): HubLink {
  const pauses = createLossPauses()
  let socket: Socket | null = null
  let isStopped = false
  /** No connection is opened before it is needed. */
  let isResting = false

  function attach(opened: Socket): void {
    if (isStopped) return void opened.destroy()
    socket = opened
    const leave = (): void => lose(opened)
    readLines(opened, deps)
    opened.on('drain', deps.onDrain)
    opened.once('end', leave).once('close', leave).on('error', leave)
    deps.onOpen()
    if (!deps.output.writableNeedDrain) opened.resume()
    // It was closed before we listened.
    if (opened.destroyed || opened.readableEnded) leave()
  }

  function lose(lost: Socket): void {
    if (socket !== lost) return
    socket = null
    lost.destroy()
    deps.onLost()
    if (!isStopped && !isResting) void connect(pauses.next())
  }

  async function connect(pauseMs: number): Promise<void> {
    if (pauseMs > 0) await sleep(pauseMs)
    await openUntil(() => isStopped, deps, attach)
  }

  void connect(0)
  return {
    isOpen: () => socket !== null,
    write: (outgoing) => socket === null || writeLine(socket, outgoing),
    resume: () => void socket?.resume(),
    end(then) {
      if (socket === null) then()
      else socket.end(then)
    },
    leave: () => void socket?.destroy(),
    rest() {
      isResting = true
      if (socket !== null) lose(socket)
    },
    wake() {
      if (!isResting) return
      isResting = false
      void connect(0)
    },
    stop() {
      isStopped = true
    },
  }
}

/** Tries to open a connection until one is attached. */
async function openUntil(
  isStopped: () => boolean,
  { open, onFailure }: HubLinkDeps,
  attach: (opened: Socket) => void,
): Promise<void> {
  for (let isFirst = true; !isStopped(); isFirst = false) {
    try {
      return attach(await open(isFirst ? undefined : RETRY_LIMIT_MS))
    } catch (error) {
      onFailure(error, isFirst)
    }
    if (!isStopped()) await sleep(RETRY_MS * (0.8 + 0.4 * Math.random()))
  }
}

function readLines(socket: Socket, { output, onLine, onTooLong }: HubLinkDeps): void {
  const lines = createLineSplitter(onLine, { maxBytes: MAX_LINE_BYTES, onTooLong })
  socket.on('data', (chunk: Buffer) => {
    output.cork()
    lines.push(chunk)
    output.uncork()
    if (output.writableNeedDrain) socket.pause()
  })
}

function writeLine(socket: Socket, { line, onSent }: Outgoing): boolean {
  const done = (error?: Error | null): void => {
    if (!error) onSent()
  }
  if (line.length < COPY_BYTES) return socket.write(Buffer.concat([line, NEWLINE]), done)
  socket.write(line)
  return socket.write(NEWLINE, done)
}

/** Pauses between losses in quick succession, so that a hub that exits at once is not started again and again. */
function createLossPauses(): { next(): number } {
  let losses: number[] = []
  return {
    next() {
      const nowMs = uptimeMs()
      losses = [...losses.filter((atMs) => nowMs - atMs < LOSS_WINDOW_MS), nowMs]
      if (losses.length < 2) return 0
      return Math.min(FIRST_PAUSE_MS * 2 ** (losses.length - 2), RETRY_MS) * (0.5 + Math.random())
    },
  }
}
