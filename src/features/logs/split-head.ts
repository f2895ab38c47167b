// Splits the head of a log line, which Serena's format writes before each message, from the message. Pure.

export interface LineHead {
  /** In order; `isFine`: may be left out in a narrow window. Empty: the line has no such head. */
  parts: readonly { text: string; isFine: boolean }[]
  message: string
}

/** Date, time, fraction with the thread, and the place in the code: `2026-11-30 11:48:52,441 [MainThread] serena.cli:main:432 - `. */
const HEAD = /^(\s+)(\d{4}-\d\d-\d\d )(\d\d:\d\d:\d\d)([.,]\d+ \[[^\]\n]*\])( \S+ - )/

/** Returns the parts of a line without its level; joined, they are equal to it. */
export function splitHead(line: string): LineHead {
  const found = HEAD.exec(line)
  if (!found) return { parts: [], message: line }
  const parts = found.slice(1).map((text, at) => ({ text, isFine: at === 1 || at === 3 }))
  return { parts, message: line.slice(found[0].length) }
}
