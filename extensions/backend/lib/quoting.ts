// Quoting of text for each format: desktop entries, shells, property lists, registry files, PowerShell. Pure.

/** Returns a value of a desktop entry (Desktop Entry Specification, "Possible value types"). */
export function desktopString(text: string): string {
  const escaped = text.replace(/[\\\n\t\r]/g, (character) => `\\${DESKTOP_ESCAPES[character] ?? ''}`)
  return escaped.replace(/^ +/, (spaces) => '\\s'.repeat(spaces.length))
}
const DESKTOP_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '\n': 'n', '\t': 't', '\r': 'r' }

/**
 * Returns the Exec key of a desktop entry, each word quoted: the quoting comes first, then the escaping that every value gets, so a
 * backslash in a path becomes four. A percent sign is doubled, else it would be a field code ("The Exec key").
 */
export function desktopExec(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`)
  return desktopString(quoted.join(' '))
}

/** Returns a word for a POSIX shell; plain where no character has a meaning for it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('=') ? text : `'${text.replaceAll("'", `'\\''`)}'`

/** Returns text in an XML property list. Control characters that XML 1.0 cannot hold become a question mark. */
export function xmlText(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '?')
    .replace(/[&<>\r]/g, (character) => entities[character] ?? '')
}

/** Returns a word of a Windows command line, as CommandLineToArgvW reads it: backslashes double only before a quote. */
export const windowsWord = (text: string): string =>
  `"${text.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => slashes + slashes + (quote && '\\"'))}"`

/** Returns a REG_SZ value or a name in a registry file. */
export const registryString = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** Returns a literal of PowerShell; its typographic single quotes close a literal too. */
export const powershellString = (text: string): string => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`

/** Returns a quoted word of a systemd unit: C escapes, and `%` doubled, else it would be a specifier (systemd.syntax, systemd.unit). */
export function systemdWord(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\n\r\t]/g, (character) => escapes[character] ?? '')
  return `"${escaped.replaceAll('%', '%%')}"`
}
