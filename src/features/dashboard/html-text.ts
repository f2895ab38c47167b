// The text of a piece of HTML, without ever making elements of it: even a parsed, unattached document may report what it was
// not allowed to run. Pure.

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Tags become blanks, scripts and styles nothing, the common entities their characters. */
export function htmlText(html: string): string {
  return html
    .replace(/<(script|style)\b[^]*?(<\/\1\s*>|$)|<!--[^]*?(-->|$)/gi, ' ')
    .replace(/<[a-z/!][^>]*(>|$)/gi, ' ')
    .replace(
      /&(?:#(\d{1,7})|([a-z]{1,6}));/gi,
      (entity, code: string | undefined, name: string | undefined) =>
        code === undefined
          ? (ENTITIES[(name ?? '').toLowerCase()] ?? entity)
          : characterOf(Number(code), entity),
    )
    .replace(/\s+/g, ' ')
    .trim()
}

const characterOf = (code: number, entity: string): string =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity
