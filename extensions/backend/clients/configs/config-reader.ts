// Reads and parses each file once, however many clients read it.
import { type FileText, readRegularFile } from '../../os/files/read-file.ts'
import { realPath } from '../../os/files/real-path.ts'
import type { ConfigFormat } from './config-entry.ts'
import { formatOfName } from './config-places.ts'
import { loadParser, type Parse } from './load-parsers.ts'
import type { ParsedConfig } from './parsed-config.ts'

/** The own file of Claude Code grows with its history. */
const MAX_BYTES = 64 * 1024 * 1024

export interface ConfigReader {
  /** Loads the parsers of these formats. */
  load(formats: readonly ConfigFormat[]): Promise<void>
  read(file: string): FileText
  /** Throws SyntaxError or RangeError; null: there is no such text, or its parser is not loaded. */
  parse(file: string, format: ConfigFormat): ParsedConfig | null
  /** Returns the value of a file by its name; undefined: it cannot be read. */
  value(file: string): unknown
}

/** Creates the reader of one run. */
export function createConfigReader(): ConfigReader {
  const texts = new Map<string, FileText>()
  const parsed = new Map<string, { config: ParsedConfig } | { error: unknown }>()
  const parsers = new Map<ConfigFormat, Parse>()

  function read(file: string): FileText {
    const known = texts.get(file)
    if (known) return known
    const found = readRegularFile(targetOf(file), MAX_BYTES)
    texts.set(file, found)
    return found
  }

  function parse(file: string, format: ConfigFormat): ParsedConfig | null {
    const key = `${format}:${file}`
    const known = parsed.get(key)
    if (known && 'error' in known) throw known.error
    if (known) return known.config
    const text = read(file)
    const parser = parsers.get(format)
    if (text.kind !== 'text' || text.isCut || !parser) return null
    try {
      const config = parser(file.endsWith('.md') ? frontMatterOf(text.text) : text.text)
      parsed.set(key, { config })
      return config
    } catch (error) {
      parsed.set(key, { error })
      throw error
    }
  }

  return {
    async load(formats) {
      for (const format of new Set(formats)) parsers.set(format, await loadParser(format))
    },
    read,
    parse,
    value(file) {
      try {
        return parse(file, formatOfName(file))?.value
      } catch {
        return undefined
      }
    },
  }
}

/** What a symbolic link leads to: many keep their settings in another folder. */
export function targetOf(file: string): string {
  try {
    return realPath(file)
  } catch {
    return file
  }
}

/** The YAML at the beginning of a Markdown file, on the same lines. */
function frontMatterOf(text: string): string {
  const [, inner = ''] = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*$/m.exec(text) ?? []
  return text.replace(/^\uFEFF/, '').startsWith('---') ? `\n${inner}` : ''
}
