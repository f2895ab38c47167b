// Limits of JSON that are checked before it is parsed: deeply nested values overflow the stack of code that walks over them, and
// millions of values take many seconds.

const MAX_DEPTH = 64
/** Serena's whole log ring has 2,500 lines. */
const MAX_VALUES = 20_000

/** Returns why the text exceeds the limits, by its brackets and commas outside of strings; null: it does not. */
export function whyTooMuch(text: string): string | null {
  let depth = 0
  let values = 1
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (isInString) {
      if (character === BACKSLASH) i++
      else if (character === QUOTE) isInString = false
    } else if (character === QUOTE) isInString = true
    else if (character === OPEN_BRACKET || character === OPEN_BRACE) {
      depth++
      if (depth > MAX_DEPTH) return 'it is nested too deeply'
    } else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) depth--
    else if (character === COMMA && ++values > MAX_VALUES) return 'it has too many values'
  }
  return null
}

const COMMA = 0x2c
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
