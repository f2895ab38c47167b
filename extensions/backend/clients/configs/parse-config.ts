// The text of a client's configuration -> its value, by format. Loaded on first use: it brings all parsers. Pure.
import type { ConfigFormat } from './config-entry.ts'
import { parseJson } from './parse-json.ts'
import { parseJson5 } from './parse-json5.ts'
import { parseToml } from './parse-toml.ts'
import { parseYaml } from './parse-yaml.ts'
import type { ParsedConfig } from './parsed-config.ts'

export const PARSERS: Readonly<Record<ConfigFormat, (text: string) => ParsedConfig>> = {
  json: parseJson,
  json5: parseJson5,
  toml: parseToml,
  yaml: parseYaml,
}

/** Throws when the text is not of that format. */
export const parseConfig = (text: string, format: ConfigFormat): unknown => PARSERS[format](text).value
