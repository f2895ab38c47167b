// A change to one file that can be shown, and then written if it was shown. Pure.
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { ConfigFormat } from '../clients/configs/config-entry.ts'
import { etagOf } from '../dashboards/configuration.ts'
import type { UserFile } from '../os/files/user-file.ts'
import { configDiff } from './config-diff.ts'
import { type ConfigDifference, differencesOf } from './config-difference.ts'

export interface PlannedFile {
  file: string
  target: string
  format: ConfigFormat
  /** Null: the file does not exist. */
  before: string | null
  after: string
  like: UserFile['like']
  differences: readonly ConfigDifference[]
  /** Each line starts with ` `, `+` or `-`; secrets are masked. */
  diff: readonly string[]
  /** Identifies the content that was read. */
  etag: string
  /** Identifies this change of this content. */
  hash: string
  /** Why it is not written, as a sentence; null: it can be. */
  problem: string | null
}

/** How the text of a format is changed and read. Both throw. */
export interface ConfigTools {
  change: (text: string, format: ConfigFormat, changes: readonly ConfigChange[]) => string
  parse: (text: string, format: ConfigFormat) => unknown
}

const NOT_ALONE = 'Its format does not allow this change alone. Change it by hand.'
const JSON5 = 'Serena Deck does not write JSON5. Change it by hand.'

/** Returns what these changes do to the file. A file that cannot be changed has a problem and no difference. */
export function planFile(
  { file, format }: { file: string; format: ConfigFormat },
  state: UserFile,
  changes: readonly ConfigChange[],
  tools: ConfigTools,
): PlannedFile {
  const { target, text: before, like } = state
  const edited = format === 'json5' ? null : attempt(() => tools.change(before ?? '', format, changes))
  const after = edited ?? before ?? ''
  const found = edited === null ? null : attempt(() => differences(before, after, format, changes, tools))
  const problem = state.problem ?? (format === 'json5' ? JSON5 : found === null ? NOT_ALONE : null)
  return {
    file,
    target,
    format,
    before,
    after,
    like,
    differences: found ?? [],
    diff: before === after ? [] : configDiff(before ?? '', after),
    etag: etagOf(before ?? ''),
    hash: etagOf(`${before ?? ''}\u0000${after}`),
    problem,
  }
}

function differences(
  before: string | null,
  after: string,
  format: ConfigFormat,
  changes: readonly ConfigChange[],
  { parse }: ConfigTools,
): ConfigDifference[] {
  const value = (text: string): unknown => (text.trim() === '' ? {} : plain(parse(text, format)))
  const isAbove = (path: readonly string[]): boolean =>
    changes.some((one) => one.path.length > path.length && path.every((key, at) => one.path[at] === key))
  return differencesOf(value(before ?? ''), value(after), isAbove)
}

/** Dates and other values of TOML compare by their text. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Null: the file is not of its format, or nested too deeply for a parser. */
export function attempt<Result>(task: () => Result): Result | null {
  try {
    return task()
  } catch {
    return null
  }
}
