// Passes the client's messages to the hub and back, each side no faster than the other reads, and continues the session when the hub is
// replaced by another one. Nothing runs at rest: no timer, no poll.
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '#contract/errors'
import { NOTE_MARK, type Note } from '../hub/protocol.ts'
import { createLineSplitter } from '../mcp/line-splitter.ts'
import { closeOutput } from '../wrap/stdio-streams.ts'
import { createClientSession } from './client-session.ts'
import { createHubLink, MAX_LINE_BYTES, NEWLINE } from './hub-link.ts'
import { createUnsentInput } from './unsent-input.ts'

const LAST_ANSWERS_MS = 2_000

export interface RelayDeps {
  input: Readable
  output: Writable
  /** Returns a paused connection to a hub that has accepted our hello. */
  open(how: { isResumed: boolean; limitMs: number | undefined }): Promise<Socket>
  /** Ends this process, when stderr is written. */
  exit(code: number): void
  /** Prints why to stderr. */
  report(error: unknown): void
}

interface Relay {
  fromClient(line: Buffer): void
  /** The client sends nothing more: ends after the answers in flight. */
  endInput(): void
  resume(): void
}

/** Runs until `exit` is called. */
export function startRelay(deps: RelayDeps): void {
  const { input, output } = deps
  const ending = createEnding(deps)
  const relay = createRelay(deps, ending.finish)
  const lines = createLineSplitter(relay.fromClient, {
    maxBytes: MAX_LINE_BYTES,
    onTooLong: () =>
      deps.report(new Error('A message from the client was dropped: it is larger than 256 MiB.')),
  })
  let hasEnded = false
  const endInput = (): void => {
    if (hasEnded) return
    hasEnded = true
    const rest = lines.rest()
    if (rest !== null) relay.fromClient(rest)
    setTimeout(() => ending.finish(0), LAST_ANSWERS_MS)
    relay.endInput()
  }
  input.on('data', lines.push)
  input.once('end', endInput).once('close', endInput).on('error', endInput)
  output.on('drain', relay.resume)
  // The client has closed its end: it reads nothing any more.
  output.on('error', ending.abort).on('close', ending.abort)
  input.resume()
}

/** `finish` gives the client time to read all output; `abort` does not. */
function createEnding({ input, output, exit }: RelayDeps): { finish(code: number): void; abort(): void } {
  let exitCode: number | null = null
  return {
    finish(code) {
      if (exitCode !== null) return
      exitCode = code
      input.pause()
      setTimeout(() => exit(code), LAST_ANSWERS_MS)
      void closeOutput(output).then(() => exit(code))
    },
    abort() {
      // `finish` closes the output itself.
      if (exitCode === null) exit(0)
    },
  }
}

// Over 60 lines: each callback of the link and of the client acts on session, unsent input and link together.
function createRelay({ input, output, open, report }: RelayDeps, finish: (code: number) => void): Relay {
  const session = createClientSession()
  const toClient = makeLineWriter(output)
  const unsent = createUnsentInput(session, toClient)
  let hasInputEnded = false

  const toHub = (line: Buffer): void => {
    if (!link.write(session.fromClient(line))) input.pause()
  }
  const finishWhenAnswered = (): void => {
    if (hasInputEnded && !session.hasInFlight() && unsent.isEmpty()) link.end(() => stop(0))
  }
  const readInput = (): void => {
    if (!hasInputEnded) input.resume()
  }
  const stop = (code: number): void => {
    link.stop()
    finish(code)
  }

  const link = createHubLink({
    open: (limitMs) => open({ isResumed: session.isInitializeAnswered(), limitMs }),
    output,
    onLine(line) {
      const note = noteOf(line)
      if (note === 'exit') stop(0)
      else if (note === 'reconnect') link.leave()
      else if (note === 'wait') link.rest()
      else if (note === null && session.fromHub(line)) toClient(line)
      finishWhenAnswered()
    },
    onOpen() {
      readInput()
      for (const outgoing of session.resumeLines()) if (!link.write(outgoing)) input.pause()
      unsent.takeAll().forEach(toHub)
    },
    onDrain: readInput,
    onLost() {
      session.takeLost().forEach(toClient)
      // A request that is sent again needs a hub at once.
      if (session.hasInFlight()) link.wake()
      readInput()
      finishWhenAnswered()
    },
    onFailure(error, isFirst) {
      if (isFirst) report(error)
      // Without an answered `initialize` the client has no use for this process.
      const isOver = !session.isInitializeAnswered() || hasInputEnded || isRefusal(error)
      unsent.fail(error)
      if (isOver) stop(1)
      else readInput()
    },
    onTooLong: () => report(new Error('A message from Serena was dropped: it is larger than 256 MiB.')),
  })

  return {
    fromClient(line) {
      if (link.isOpen()) return toHub(line)
      if (!unsent.add(line)) input.pause()
      link.wake()
    },
    endInput() {
      hasInputEnded = true
      finishWhenAnswered()
    },
    resume: link.resume,
  }
}

function makeLineWriter(output: Writable): (line: Buffer) => void {
  return (line) => {
    if (output.destroyed || output.writableEnded) return
    output.write(line)
    output.write(NEWLINE)
  }
}

/** Null: it is a message. A newer hub may send notes that we do not know. */
function noteOf(line: Buffer): Note['note'] | 'unknown' | null {
  if (line[0] !== NOTE_MARK) return null
  try {
    return (JSON.parse(line.toString('utf8', 1)) as Note).note
  } catch {
    // Not JSON.
    return 'unknown'
  }
}

/** A newer hub that does not serve us will not do so later. */
const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'hub-refused'
