// The stdio connection to the MCP client: this process's stdin and stdout. Only Serena's messages are written to stdout.
import type { Readable, Writable } from 'node:stream'
import { closeOutput, createStderrWriter, openStreams, type StderrWriter } from './stdio-streams.ts'

/** More than a client sends before the first answer. */
const MAX_EARLY_BYTES = 256 * 1024

export interface ClientStdio extends StderrWriter {
  input: Readable
  output: Writable
  /** Returns the input so far; null: too much to keep, or no longer kept. */
  early(): readonly Buffer[] | null
  forgetEarly(): void
  /** Monotonic milliseconds. */
  lastHeardAtMs(): number
  /** Resolves when the client has all output, or can no longer receive it, and stderr is drained. */
  flush(): Promise<void>
}

/** Opens the stdio connection of this process; call it once. */
export function openClientStdio(): ClientStdio {
  const { input, output } = openStreams()
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

  const stderr = createStderrWriter()
  return {
    input,
    output,
    early: () => early,
    forgetEarly() {
      early = null
    },
    lastHeardAtMs: () => heardAtMs,
    ...stderr,
    async flush() {
      await closeOutput(output)
      await stderr.drainStderr()
    },
  }
}
