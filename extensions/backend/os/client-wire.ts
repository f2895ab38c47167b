// Our own stdin and stdout as the wire to an MCP client: nothing but what Serena says goes out. Neither is touched as a stream of
// Node's unless it is a terminal or a file: those block, or cannot be closed.
import { fstatSync, write, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** More than a client says before the first answer. */
const MAX_EARLY_BYTES = 256 * 1024
const MAX_NOISE_BYTES = 1024 * 1024
const NOISE_MS = 500

export interface ClientWire {
  input: Readable
  output: Writable
  /** What the client has said so far; null: it was too much to keep, or is not kept any more. */
  early(): readonly Buffer[] | null
  forgetEarly(): void
  /** Monotonic milliseconds. */
  lastHeardAtMs(): number
  /** For people; never in the way of the wire: what cannot be written soon is dropped. */
  noise(bytes: Buffer): void
  /** Noise is being written and nobody reads it: the write holds up the exit of this process, though not its end by a signal. */
  isNoiseStuck(): boolean
  /** Resolves when all that was given to the output has gone to the client, or cannot go there any more; noise gets a moment. */
  flush(): Promise<void>
}

const isStream = (fd: number): boolean => {
  const stats = fstatSync(fd)
  return stats.isFIFO() || stats.isSocket()
}

/** To stderr, at once: it waits for who reads it. */
export function writeError(bytes: Buffer): void {
  try {
    writeSync(2, bytes)
  } catch {
    // Nobody reads it: then nobody can be told.
  }
}

/** The wire of this process; once. */
export function openClientWire(): ClientWire {
  const input: Readable = isStream(0) ? new Socket({ fd: 0, readable: true, writable: false }) : process.stdin
  const output: Writable = isStream(1)
    ? new Socket({ fd: 1, readable: false, writable: true })
    : process.stdout
  let early: Buffer[] | null = []
  let earlyBytes = 0
  let heardAtMs = performance.now()
  input.on('data', (chunk: Buffer) => {
    heardAtMs = performance.now()
    if (early === null) return
    earlyBytes += chunk.length
    if (earlyBytes > MAX_EARLY_BYTES) early = null
    else early.push(chunk)
  })
  input.pause()

  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isWriting = false
  function writeNoise(): void {
    const [next, ...others] = waiting
    if (next === undefined || isWriting) return
    waiting = others
    isWriting = true
    write(2, next, () => {
      isWriting = false
      waitingBytes -= next.length
      writeNoise()
    })
  }

  return {
    input,
    output,
    early: () => early,
    forgetEarly() {
      early = null
    },
    lastHeardAtMs: () => heardAtMs,
    noise(bytes) {
      if (waitingBytes + bytes.length > MAX_NOISE_BYTES) return
      waitingBytes += bytes.length
      waiting.push(Buffer.from(bytes))
      writeNoise()
    },
    isNoiseStuck: () => waitingBytes > 0,
    async flush() {
      await new Promise<void>((resolve) => {
        if (output.destroyed) return resolve()
        output.once('close', resolve)
        output.once('error', () => resolve())
        if (isStream(1)) output.end()
        else output.write('', () => resolve())
      })
      for (const end = performance.now() + NOISE_MS; waitingBytes > 0 && performance.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 10))
    },
  }
}
