// Text of others (projects, logs, memory names) may hold control, bidi and zero-width characters that hide or reorder what
// a person reads. They are shown as escapes, so that what is seen is what is there.

// C0 except tab and newline, DEL and C1, soft hyphen, Arabic letter mark, Hangul fillers, Mongolian separators, zero-width and
// bidi controls, line and paragraph separators, invisible operators, variation-independent BOM, interlinear marks, tag characters.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])/gu

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
