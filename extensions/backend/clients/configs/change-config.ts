// Changes single values of a client's configuration and keeps every other byte: comments, order, indentation, line ends, byte order mark.
// Loaded on first use: it brings all parsers. Pure.
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '#contract/errors'
import { isFields } from '../../lib/fields.ts'
import { changeJson } from './change-json.ts'
import { applyStep, type ChangeStep, stepsOf } from './change-steps.ts'
import { changeToml } from './change-toml.ts'
import { changeYaml } from './change-yaml.ts'
import type { ConfigChange } from './config-change.ts'
import type { ConfigFormat } from './config-entry.ts'
import { parseConfig } from './parse-config.ts'
import { BOM, withoutBom } from './parsed-config.ts'
import { valueAt } from './plain-values.ts'

const WRITERS: Readonly<Record<ConfigFormat, ((body: string, step: ChangeStep) => string) | null>> = {
  json: changeJson,
  toml: changeToml,
  yaml: changeYaml,
  // Its parser does not keep enough to write it.
  json5: null,
}

/**
 * Returns the text with these changes, made one after the other. After each, the text is parsed again and compared: AppError
 * `key-not-changed` if anything but the intended value would change, or if the place has another shape. Throws as `parseConfig` if the
 * text is not of its format.
 */
export function changeConfig(text: string, format: ConfigFormat, changes: readonly ConfigChange[]): string {
  const mark = text.startsWith(BOM) ? BOM : ''
  const body = changes.reduce((before, change) => changed(before, format, change), withoutBom(text))
  return mark + body
}

function changed(body: string, format: ConfigFormat, change: ConfigChange): string {
  const before = parseConfig(body, format)
  const steps = stepsOf(before, change)
  const write = WRITERS[format]
  if (steps === null || write === null) throw notChanged(change)
  let edited = body
  let expected = plain(before)
  for (const step of steps) {
    expected = applyStep(expected, step)
    edited = attempt(() => write(edited, step), change)
  }
  const after = attempt(() => plain(parseConfig(edited, format)), change)
  const [found, wanted] = [after, plain(expected)].map((value) =>
    change.kind === 'remove' && format === 'toml' ? withoutEmpty(value, change.path) : value,
  )
  if (!isDeepStrictEqual(found, wanted)) throw notChanged(change)
  return edited
}

/** A table of TOML that only its parts made is not there without them: removes the empty maps on the way. */
function withoutEmpty(root: unknown, path: readonly (string | number)[]): unknown {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const at = valueAt(root, path.slice(0, length))
    if (!isFields(at) || Object.keys(at).length > 0) continue
    const parent = valueAt(root, path.slice(0, length - 1))
    const key = path[length - 1]
    if (isFields(parent) && typeof key === 'string') delete (parent as Record<string, unknown>)[key]
  }
  return root
}

/** A copy without the kinds of maps that parsers make; what an alias repeats is copied, so that a change of one part changes only it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isFields(value) || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}

const notChanged = ({ path }: ConfigChange): AppError =>
  new AppError('key-not-changed', { key: path.join('.') })

function attempt<Result>(task: () => Result, change: ConfigChange): Result {
  try {
    return task()
  } catch {
    // The edited text is not of its format: the file has a shape that the writer does not know.
    throw notChanged(change)
  }
}
