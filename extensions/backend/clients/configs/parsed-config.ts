// What the parsers of all formats return. Pure.

export interface ParsedConfig {
  /** An empty file is an empty mapping. */
  value: unknown
  /** The line of what is at that path, from 1; of the nearest part that exists if there is none. */
  lineOf: (path: readonly (string | number)[]) => number
  /** It is plain JSON, without comments or trailing commas; true for other formats. */
  isStrict: boolean
}

/** A text that is not of its format. The message never quotes the text, which may hold a secret. */
export class ConfigSyntaxError extends SyntaxError {
  override name = 'ConfigSyntaxError'
}

export const notOfFormat = (format: string, line: number | null): ConfigSyntaxError =>
  new ConfigSyntaxError(`It is not valid ${format}${line === null ? '' : ` (line ${line})`}.`)

export const BOM = '\uFEFF'
export const withoutBom = (text: string): string => (text.startsWith(BOM) ? text.slice(1) : text)

/** Returns the line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
