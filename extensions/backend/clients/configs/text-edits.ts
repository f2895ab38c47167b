// Splices of a text, and what its lines look like. Pure.

export interface Edit {
  start: number
  end: number
  text: string
}

/** Applies edits that do not overlap; an insertion comes before a removal at the same place. */
export const applyEdits = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((edited, { start, end, text: by }) => edited.slice(0, start) + by + edited.slice(end), text)

export const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1

/** The offset of the end of the line, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  if (at < 0) return text.length
  return text[at - 1] === '\r' && at > offset ? at - 1 : at
}

/** The offset after the line break. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}

/** The white space at the beginning of the line. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''

/** Nothing but white space is before it on its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset))

/** The indentation of one level in the file. */
export const indentUnit = (text: string): string => {
  const found = /^([ \t]+)[^\s*]/m.exec(text)?.[1] ?? '  '
  return found.startsWith('\t') ? '\t' : found.slice(0, 8)
}
