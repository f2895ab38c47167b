// The terminal that the commands write to, its width and its colors.
import { createInterface } from 'node:readline/promises'

export interface Terminal {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  cwd: string
  /** An interactive terminal: colors and redrawing are allowed. */
  isInteractive: boolean
  hasColours: boolean
  /** Questions can be answered here. */
  canAsk: boolean
  /** True for yes. The question goes to stderr, so that a redirected stdout stays what was asked for. */
  ask(question: string): Promise<boolean>
  write(text: string): void
  writeError(text: string): void
  /** Aborted by SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
  untilStopped(): Promise<void>
}

/** Returns the terminal of this process. NO_COLOR (no-color.org): any non-empty value means none. */
export function processTerminal(): Terminal {
  const isInteractive = process.stdout.isTTY === true
  // `deck list | head`: the reader has exited, so there is nothing left to write and no error to report.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    env: process.env,
    platform: process.platform,
    cwd: process.cwd(),
    isInteractive,
    hasColours: isInteractive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    async ask(question) {
      const reader = createInterface({ input: process.stdin, output: process.stderr })
      // Ctrl+C and the end of input close it: then the answer is no.
      const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')))
      try {
        const answer = await Promise.race([reader.question(`${question} [y/N] `), closed])
        return /^y(es)?$/i.test(answer.trim())
      } finally {
        reader.close()
      }
    },
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    untilStopped: () =>
      new Promise((resolve) => {
        let isStopping = false
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.on(signal, () => {
            if (isStopping) process.exit(1)
            isStopping = true
            resolve()
          })
        }
      }),
  }
}
