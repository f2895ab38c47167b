// Splits YAML into tokens for highlighting, line by line. The joined tokens are always the text; their kinds are approximate. Pure.

export type YamlKind = 'key' | 'comment' | 'text' | 'value' | 'sign' | 'plain'
export interface YamlToken {
  kind: YamlKind
  text: string
}
export interface YamlLine {
  text: string
  /** True inside a `|` or `>` block, which is plain text. */
  isBlock: boolean
}

const BLOCK_HEAD = /(^|[\s:-])[|>][+-]?\d?[+-]?\s*(#.*)?$/
const indentOf = (line: string): number => line.length - line.trimStart().length

/** Returns the lines; joined by newlines, they are equal to the input. */
export function yamlLines(text: string): YamlLine[] {
  let blockIndent: number | null = null
  return text.split('\n').map((line) => {
    const isBlock = blockIndent !== null && (line.trim() === '' || indentOf(line) > blockIndent)
    if (!isBlock) {
      const isHead = BLOCK_HEAD.test(line) && !line.trimStart().startsWith('#')
      blockIndent = isHead ? indentOf(line) : null
    }
    return { text: line, isBlock }
  })
}

const RULES: readonly [YamlKind, RegExp][] = [
  ['comment', /^#.*/],
  ['text', /^"(?:[^"\\]|\\.)*"?/],
  ['text', /^'(?:[^']|'')*'?/],
  ['sign', /^(?:---|\.\.\.)(?=\s|$)/],
  ['sign', /^[-?](?=\s|$)/],
  ['sign', /^[[\]{},]/],
  ['sign', /^:(?=\s|$)/],
  ['value', /^(?:true|false|yes|no|on|off|null|~)(?=\s*(?:[,\]}#]|$))/i],
  ['value', /^[-+]?(?:\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|0x[\da-f]+)(?=\s*(?:[,\]}#]|$))/i],
  ['value', /^[&*!][\w!-]+/],
]
/** A key: the text before a colon that is followed by a space or the end of the line. */
const KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:,[\]{}&*!|>'"%@`-][^#:]*?|[^\s]+?)(?=\s*:(?:\s|$))/
const WORD = /^(?:(?!\s#|: |:$)[^,[\]{}])+/

/** Returns the tokens; joined, they are equal to the line. */
export function yamlTokens({ text, isBlock }: YamlLine): YamlToken[] {
  if (isBlock) return text === '' ? [] : [{ kind: 'text', text }]
  const tokens: YamlToken[] = []
  let mayBeKey = true
  let rest = text
  while (rest !== '') {
    const token = nextToken(rest, mayBeKey)
    // A key starts a line, or follows a list or mapping sign.
    if (token.text.trim() !== '') mayBeKey = token.kind === 'sign' && token.text !== ':'
    tokens.push(token)
    rest = rest.slice(token.text.length)
  }
  return tokens
}

function nextToken(rest: string, mayBeKey: boolean): YamlToken {
  const space = /^\s+/.exec(rest)
  if (space) return { kind: 'plain', text: space[0] }
  const dash = /^[-?](?=\s|$)/.exec(rest)
  const key = mayBeKey && !dash && !/^[#[\]{},]/.test(rest) ? KEY.exec(rest) : null
  if (key) return { kind: 'key', text: key[0] }
  for (const [kind, rule] of RULES) {
    const found = rule.exec(rest)
    if (found) return { kind, text: found[0] }
  }
  return { kind: 'plain', text: WORD.exec(rest)?.[0] ?? rest.slice(0, 1) }
}
