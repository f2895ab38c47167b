// Loads the parsers that are needed: each costs time and memory that a run without such a file does not need.
import type { ConfigFormat } from './config-entry.ts'
import type { ParsedConfig } from './parsed-config.ts'

export type Parse = (text: string) => ParsedConfig

const LOADERS: Readonly<Record<ConfigFormat, () => Promise<Parse>>> = {
  json: async () => (await import('./parse-json.ts')).parseJson,
  json5: async () => (await import('./parse-json5.ts')).parseJson5,
  toml: async () => (await import('./parse-toml.ts')).parseToml,
  yaml: async () => (await import('./parse-yaml.ts')).parseYaml,
}

export const loadParser = (format: ConfigFormat): Promise<Parse> => LOADERS[format]()
