// Changes of files in the terminal: the diff of each, and what an undo has restored. Pure.
import { visibleLine } from '#contract/visible-text'
import type { PlannedFile } from '../doctor/planned-file.ts'
import type { Restored } from '../doctor/restore-files.ts'

const GREEN = '\u001B[32m'
const RED = '\u001B[31m'
const BOLD = '\u001B[1m'
const RESET = '\u001B[0m'

/** Returns the name of the file and the lines of its diff. */
export function diffText({ file, before, diff }: PlannedFile, hasColours: boolean): string {
  const paint = (code: string, text: string): string => (hasColours ? code + text + RESET : text)
  const head = `${paint(BOLD, visibleLine(file))}${before === null ? ' (new)' : ''}`
  const lines = diff.map((line) => {
    const shown = visibleLine(line)
    if (line.startsWith('+')) return paint(GREEN, shown)
    return line.startsWith('-') ? paint(RED, shown) : shown
  })
  return `${[head, ...lines, ''].join('\n')}\n`
}

/** Returns what an undo has done, one line for each file. */
export function restoredText({ restored, refused }: Restored): string {
  const lines = [
    ...restored.map((file) => `Restored: ${visibleLine(file)}`),
    ...refused.map(
      ({ file, why, backup }) =>
        `Not restored: ${visibleLine(file)}. ${why}${backup === null ? '' : ` The old file is ${visibleLine(backup)}.`}`,
    ),
  ]
  return lines.length === 0 ? 'Nothing to undo.\n' : `${lines.join('\n')}\n`
}
