// Text of others (projects, logs, memory names) may hold control, bidi and zero-width characters that hide or reorder what
// a person reads. They are shown as escapes, so that what is seen is what is there.

// By Unicode's own classes: control (but tab and newline), format (bidi, zero-width, tags), lone surrogates, line and paragraph
// separators; then the characters that are letters or marks by class and yet draw nothing.
const HIDDEN =
  /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u3164\uffa0]/gu

const asEscape = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`

/** The text with every hidden character written as `\u{202E}`. Tab and newline stay: a log line may hold both. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, asEscape)
}

/** The same for what must stay on one line, such as a name or a title: tab and newline become escapes too. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\t\n]/g, asEscape)
}
