// Untrusted text (projects, logs, memory names) can contain control, bidi and zero-width characters that hide or reorder the visible
// text. They are shown as escapes.

// By Unicode class: control (except tab and newline), format (bidi, zero-width, tags), lone surrogates, line and paragraph
// separators; then characters that are letters or marks by class but have no glyph.
const HIDDEN =
  /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u3164\uffa0]/gu

const asEscape = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`

/** Returns the text with every hidden character written as `\u{202E}`. Tab and newline stay: a log line can contain both. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, asEscape)
}

/** Returns the same for one line, such as a name or a title: tab and newline become escapes too. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\t\n]/g, asEscape)
}
