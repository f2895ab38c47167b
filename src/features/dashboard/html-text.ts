// Extracts the text of HTML without parsing it into elements: even a detached document may report blocked content. Pure.

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Replaces tags by spaces, drops scripts and styles, and decodes common entities. */
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
