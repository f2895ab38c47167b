// Splits a log line into search matches, tool names and other text. Pure.

export interface LogPart {
  text: string
  kind: 'plain' | 'match' | 'tool'
}

/** Returns the parts; joined, they are equal to the line. The search is literal text and case-insensitive. */
export function splitLine(line: string, search: string, toolNames: ReadonlySet<string>): LogPart[] {
  return splitAt(line, search).flatMap((part) =>
    part.kind === 'match' ? [part] : markTools(part.text, toolNames),
  )
}

function splitAt(text: string, word: string): LogPart[] {
  const lower = text.toLowerCase()
  const lowerWord = word.toLowerCase()
  // Lower-case text may be longer (İ), so that indexes do not match: then nothing is highlighted.
  if (word === '' || lower.length !== text.length || lowerWord.length !== word.length)
    return [{ text, kind: 'plain' }]
  const parts: LogPart[] = []
  let at = 0
  for (let index = lower.indexOf(lowerWord); index !== -1; index = lower.indexOf(lowerWord, at)) {
    if (index > at) parts.push({ text: text.slice(at, index), kind: 'plain' })
    parts.push({ text: text.slice(index, index + word.length), kind: 'match' })
    at = index + word.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: 'plain' })
  return parts
}

/** Marks tool names, which consist of lower-case letters, digits and underscores. */
function markTools(text: string, toolNames: ReadonlySet<string>): LogPart[] {
  if (toolNames.size === 0) return [{ text, kind: 'plain' }]
  const parts: LogPart[] = []
  let at = 0
  for (const { 0: word, index } of text.matchAll(/[a-z][a-z0-9_]{2,}/g)) {
    if (!toolNames.has(word)) continue
    if (index > at) parts.push({ text: text.slice(at, index), kind: 'plain' })
    parts.push({ text: word, kind: 'tool' })
    at = index + word.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: 'plain' })
  return parts
}
