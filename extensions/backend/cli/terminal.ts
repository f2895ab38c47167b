// What the commands write to, and how wide and how coloured it may be.
import { createInterface } from 'node:readline/promises'
import type { Colour } from '#contract/instance'

export interface Terminal {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  cwd: string
  /** A person reads it: colours and redrawing are welcome. */
  isInteractive: boolean
  hasColours: boolean
  /** Somebody can answer a question. */
  canAsk: boolean
  /** True for yes. The question goes to stderr, so that a redirected stdout stays what was asked for. */
  ask(question: string): Promise<boolean>
  write(text: string): void
  writeError(text: string): void
  /** Aborted by SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
  untilStopped(): Promise<void>
}

/** The terminal of this process. NO_COLOR (no-color.org): any non-empty value means none. */
export function processTerminal(): Terminal {
  const isInteractive = process.stdout.isTTY === true
  // `deck list | head`: the reader left, so there is nobody to write to and nothing to complain about.
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
      // Ctrl+C and the end of input close it: then nobody said yes.
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

const CODES: Readonly<Record<Colour, number>> = { green: 32, yellow: 33, red: 31, blue: 34, grey: 90 }

/** The text in an ANSI colour. */
export function paint(text: string, colour: Colour): string {
  return `\u001B[${CODES[colour]}m${text}\u001B[39m`
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const COMBINING = /\p{Mark}/u

/** How many columns a terminal needs for it: East Asian wide characters and emoji take two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}

/** Columns side by side, two spaces between; `right` aligns a column to the right. The last one is not padded. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, columnsOf(cell))
    })
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - columnsOf(cell))
        if (right.has(column)) return gap + cell
        return column === row.length - 1 ? cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}
