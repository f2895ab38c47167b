// Adds items to, and removes them from, a list or map in brackets, as JSON, TOML and YAML have it; comments and layout stay. Pure.
import { beginsLine, type Edit, indentAt, lineEnd, nextLine } from './text-edits.ts'

export interface Brackets {
  /** After the opening bracket. */
  open: number
  /** Of the closing bracket. */
  close: number
  items: readonly (readonly [start: number, end: number])[]
}

export interface BracketStyle {
  /** White space and comments; sticky. */
  trivia: RegExp
  /** A comment to the end of its line, after blanks; sticky. */
  comment: RegExp
  eol: string
  /** The indentation of the items of an empty list that is written over several lines, and of its closing bracket; null: one line. */
  expands: { inner: string; outer: string } | null
  /** Inside of the brackets of an empty list on one line. */
  padding: string
}

/** Items are over several lines. */
export const isMultiline = (text: string, { open, close, items: [first] }: Brackets): boolean =>
  text.slice(open, first?.[0] ?? close).includes('\n')

/** Returns the edits that put items before the one at `at`. `items` are their texts, without commas. */
export function insertItems(
  text: string,
  brackets: Brackets,
  at: number,
  items: readonly string[],
  style: BracketStyle,
): Edit[] {
  const next = brackets.items[at]
  if (next) return [insertBefore(text, next[0], items, style)]
  const last = brackets.items.at(-1)
  return last ? insertAfter(text, brackets, last, items, style) : [intoEmpty(text, brackets, items, style)]
}

function insertBefore(text: string, offset: number, items: readonly string[], { eol }: BracketStyle): Edit {
  const between = beginsLine(text, offset) ? `,${eol}${indentAt(text, offset)}` : ', '
  return { start: offset, end: offset, text: items.map((item) => item + between).join('') }
}

function insertAfter(
  text: string,
  brackets: Brackets,
  [lastStart, lastEnd]: readonly [number, number],
  items: readonly string[],
  style: BracketStyle,
): Edit[] {
  const mark = afterTrivia(text, lastEnd, style)
  const hasComma = text[mark] === ','
  const anchor = hasComma ? mark + 1 : lastEnd
  const lineBreak = afterComment(text, anchor, style)
  const isOver =
    isMultiline(text, brackets) && /[\r\n]/.test(text[lineBreak] ?? '') && lineBreak < brackets.close
  if (!isOver) return [{ start: lastEnd, end: lastEnd, text: items.map((item) => `, ${item}`).join('') }]
  const indent = indentAt(text, lastStart)
  const lines = items.map((item) => `${style.eol}${indent}${item}`).join(',') + (hasComma ? ',' : '')
  if (hasComma || lineBreak === lastEnd)
    return [{ start: lineBreak, end: lineBreak, text: `${hasComma ? '' : ','}${lines}` }]
  return [
    { start: lastEnd, end: lastEnd, text: ',' },
    { start: lineBreak, end: lineBreak, text: lines },
  ]
}

function intoEmpty(
  text: string,
  { open, close }: Brackets,
  items: readonly string[],
  { expands, eol, padding }: BracketStyle,
): Edit {
  const inside = text.slice(open, close)
  const start = open + inside.trimEnd().length
  const isBlank = start === open
  // A comment to the end of the line would hide what follows it.
  if (expands === null && isBlank)
    return { start: open, end: close, text: `${padding}${items.join(', ')}${padding}` }
  const { inner, outer } = expands ?? { inner: indentAt(text, start), outer: indentAt(text, close) }
  const lines = items.map((item) => `${eol}${inner}${item}`).join(',')
  return { start: isBlank ? open : start, end: close, text: `${lines}${eol}${outer}` }
}

/** Returns the edits that remove `count` items. Comments outside of them stay. */
export function removeItems(
  text: string,
  brackets: Brackets,
  at: number,
  count: number,
  style: BracketStyle,
): Edit[] {
  const { items, open, close } = brackets
  const first = items[at]
  const last = items[at + count - 1]
  if (!first || !last) return []
  const mark = afterTrivia(text, last[1], style)
  const hasComma = text[mark] === ','
  const removed = removedRange(text, first[0], hasComma ? mark + 1 : last[1], style)
  const before = items[at - 1]
  const left = text.slice(open, removed.start) + text.slice(removed.end, close)
  if (!before && items.length === count && left.trim() === '') return [{ start: open, end: close, text: '' }]
  if (hasComma || !before) return [removed]
  // It was the last one: the comma before it goes as well.
  const comma = afterTrivia(text, before[1], style)
  const between = text.slice(comma + 1, first[0])
  if (/^[ \t]*$/.test(between)) return [{ start: comma, end: last[1], text: '' }]
  return [{ start: comma, end: comma + 1, text: '' }, removed]
}

/** Whole lines if nothing else is on them. */
function removedRange(text: string, start: number, end: number, style: BracketStyle): Edit {
  const blanks = /^[ \t]*/.exec(text.slice(end, lineEnd(text, end)))?.[0].length ?? 0
  const isToEnd = end + blanks === lineEnd(text, end) && nextLine(text, end) > end + blanks
  if (beginsLine(text, start) && isToEnd)
    return { start: start - indentAt(text, start).length, end: nextLine(text, end), text: '' }
  const hasComment = afterComment(text, end, style) > end + blanks
  return { start, end: isToEnd && !hasComment ? end : end + blanks, text: '' }
}

function afterTrivia(text: string, offset: number, { trivia }: BracketStyle): number {
  trivia.lastIndex = offset
  return offset + (trivia.exec(text)?.[0].length ?? 0)
}

/** After the blanks and the comment after an item; the offset itself if there is no comment and the line continues. */
function afterComment(text: string, offset: number, { comment }: BracketStyle): number {
  comment.lastIndex = offset
  const found = comment.exec(text)?.[0].length ?? 0
  return offset + found
}
