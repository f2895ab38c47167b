// The stdio streams of this process. Node's own are used only for a terminal or a file: for pipes they block, or cannot be closed.
import { fstatSync, write, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

const MAX_STDERR_BYTES = 1024 * 1024
const STDERR_FLUSH_MS = 500

export interface StderrWriter {
  /** Writes to stderr without blocking the connection: what cannot be written soon is dropped. */
  writeStderr(bytes: Buffer): void
  /** A write to stderr is pending without a reader: it blocks the exit of this process, though not its end by a signal. */
  isStderrBlocked(): boolean
  /** Waits until stderr is written, for half a second at most. */
  drainStderr(): Promise<void>
}

const isStream = (fd: number): boolean => {
  const stats = fstatSync(fd)
  return stats.isFIFO() || stats.isSocket()
}

/** Writes to stderr, and blocks until it is written. */
export function writeError(bytes: Buffer): void {
  try {
    writeSync(2, bytes)
  } catch {
    // No process reads it.
  }
}

/** Opens stdin and stdout; call it once. */
export const openStreams = (): { input: Readable; output: Writable } => ({
  input: isStream(0) ? new Socket({ fd: 0, readable: true, writable: false }) : process.stdin,
  output: isStream(1) ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout,
})

/** Resolves when the client has all output, or can no longer receive it. */
export function closeOutput(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (output.destroyed) return resolve()
    output.once('close', resolve)
    output.once('error', () => resolve())
    if (isStream(1)) output.end()
    else output.write('', () => resolve())
  })
}

/** Writes to stderr one piece after the other, without blocking. */
export function createStderrWriter(): StderrWriter {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isWriting = false
  function writeNext(): void {
    const [next, ...others] = waiting
    if (next === undefined || isWriting) return
    waiting = others
    isWriting = true
    write(2, next, () => {
      isWriting = false
      waitingBytes -= next.length
      writeNext()
    })
  }

  async function drainStderr(): Promise<void> {
    for (const end = performance.now() + STDERR_FLUSH_MS; waitingBytes > 0 && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  return {
    writeStderr(bytes) {
      if (waitingBytes + bytes.length > MAX_STDERR_BYTES) return
      waitingBytes += bytes.length
      waiting.push(Buffer.from(bytes))
      writeNext()
    },
    isStderrBlocked: () => waitingBytes > 0,
    drainStderr,
  }
}
