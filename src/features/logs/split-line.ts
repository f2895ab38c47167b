// A line of the log in pieces: what was searched for, names of tools, and the rest. Pure.

export interface LogPart {
  text: string
  kind: 'plain' | 'hit' | 'tool'
}

/** The pieces, which together are the line. The search is a plain text, whatever its case, never a pattern. */
export function splitLine(line: string, search: string, toolNames: ReadonlySet<string>): LogPart[] {
  return splitAt(line, search).flatMap((part) =>
    part.kind === 'hit' ? [part] : markTools(part.text, toolNames),
  )
}

function splitAt(text: string, word: string): LogPart[] {
  const lower = text.toLowerCase()
  const wanted = word.toLowerCase()
  // Lower case may be longer than the text (İ): then places do not match, and nothing is marked.
  if (word === '' || lower.length !== text.length || wanted.length !== word.length)
    return [{ text, kind: 'plain' }]
  const parts: LogPart[] = []
  let at = 0
  for (let hit = lower.indexOf(wanted); hit !== -1; hit = lower.indexOf(wanted, at)) {
    if (hit > at) parts.push({ text: text.slice(at, hit), kind: 'plain' })
    parts.push({ text: text.slice(hit, hit + word.length), kind: 'hit' })
    at = hit + word.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: 'plain' })
  return parts
}

/** Tools are named by words of small letters and underscores. */
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
