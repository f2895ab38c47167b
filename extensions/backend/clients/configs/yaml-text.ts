// Values -> text of YAML that every version of it reads alike. Pure.
import { isFields } from '../../lib/fields.ts'

/** Needs no quotes, also inside of brackets: a word that is not a number, a date or a boolean. */
const PLAIN = /^[A-Za-z_/][\w./@+=-]*$/
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i
/** Control characters, and spaces that a parser folds. */
const NEEDS_ESCAPES = /[\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/

export type Quotes = 'plain' | 'single' | 'double'

/** A text on one line, in these quotes if it can be. */
export function yamlString(text: string, quotes: Quotes = 'plain'): string {
  if (quotes === 'double' || NEEDS_ESCAPES.test(text)) return escaped(text)
  if (quotes === 'plain' && PLAIN.test(text) && !RESERVED.test(text)) return text
  return `'${text.replaceAll("'", "''")}'`
}

/** JSON leaves some characters as they are that YAML folds or refuses. */
const escaped = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

export const yamlKey = (key: string): string => yamlString(key)

const isNested = (value: unknown): value is unknown[] | Readonly<Record<string, unknown>> =>
  Array.isArray(value) ? value.length > 0 : isFields(value) && Object.keys(value).length > 0

/** A value on one line. Throws on a value that YAML does not have. */
export function yamlInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlInline).join(', ')}]`
  if (isFields(value)) {
    const pairs = Object.entries(value).map(([key, one]) => `${yamlKey(key)}: ${yamlInline(one)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return yamlScalar(value)
}

export function yamlScalar(value: unknown, quotes: Quotes = 'plain'): string {
  if (typeof value === 'string') return yamlString(value, quotes)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw new TypeError('not written')
}

export interface YamlLayout {
  eol: string
  unit: string
}

/** What comes after the colon of a key whose line is indented by `indent`: a blank and the value, or lines. */
export function yamlAfterColon(value: unknown, indent: string, layout: YamlLayout): string {
  if (!isNested(value)) return ` ${yamlInline(value)}`
  const inner = indent + layout.unit
  return yamlLines(value, inner, layout)
    .map((line) => `${layout.eol}${inner}${line}`)
    .join('')
}

/** The lines of a map or a list, without the indentation of the first level. */
function yamlLines(value: unknown, indent: string, layout: YamlLayout): string[] {
  if (Array.isArray(value)) return value.map((one: unknown) => `-${yamlAfterDash(one, indent, layout)}`)
  return Object.entries(value as object).map(
    ([key, one]: [string, unknown]) => `${yamlKey(key)}:${yamlAfterColon(one, indent, layout)}`,
  )
}

/** What comes after the dash of an item whose dash is indented by `indent`. */
export function yamlAfterDash(value: unknown, indent: string, layout: YamlLayout): string {
  if (!isNested(value) || Array.isArray(value)) return ` ${yamlInline(value)}`
  const inner = `${indent}  `
  return ` ${yamlLines(value, inner, layout).join(`${layout.eol}${inner}`)}`
}
