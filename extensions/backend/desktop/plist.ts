// Property lists of macOS, as XML. Pure.
import { xmlText } from '../lib/quoting.ts'

export type PlistValue =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly [name: string]: PlistValue }

const isList = (value: PlistValue): value is readonly string[] => Array.isArray(value)

function lines(value: PlistValue): string[] {
  if (typeof value === 'string') return [`<string>${xmlText(value)}</string>`]
  if (typeof value === 'number') return [`<integer>${value}</integer>`]
  if (typeof value === 'boolean') return [value ? '<true/>' : '<false/>']
  const inside = isList(value)
    ? value.flatMap(lines)
    : Object.entries(value).flatMap(([name, held]) => [`<key>${xmlText(name)}</key>`, ...lines(held)])
  const tag = isList(value) ? 'array' : 'dict'
  return [`<${tag}>`, ...inside.map((line) => `  ${line}`), `</${tag}>`]
}

/** Returns the whole file. */
export function plist(value: { readonly [name: string]: PlistValue }): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    ...lines(value),
    '</plist>',
    '',
  ].join('\n')
}
