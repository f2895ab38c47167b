// The settings that change Serena's list of tools, as text: read without a YAML parser, only to notice that they differ. Where this
// misses one, the real list replaces the kept one after the start.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFile } from '../os/files/read-file.ts'
import { settingsFileOf } from '../serena/settings-file.ts'

const MAX_BYTES = 1024 * 1024
const KEYS = [
  'agent_interface',
  'base_modes',
  'default_modes',
  'added_modes',
  'excluded_tools',
  'fixed_tools',
  'included_optional_tools',
  'included_tools',
  'jetbrains',
  'language_backend',
  'read_only',
]

/** Returns what the settings of home and project, and the user's own contexts and modes, say about tools. */
export function toolSettings(
  serenaHome: string,
  root: string | null,
  args: readonly string[],
): readonly unknown[] {
  const files = [settingsFileOf(serenaHome)]
  if (root !== null)
    files.push(join(root, '.serena', 'project.yml'), join(root, '.serena', 'project.local.yml'))
  const own = ['contexts', 'modes'].map((name) => join(serenaHome, name))
  const named = args.filter((word) => /\.ya?ml$/i.test(word))
  return [
    ...files.map((file) => blocksOf(textOf(file), KEYS)),
    ...[...own, ...named].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null),
  ]
}

function textOf(file: string): string {
  const read = readRegularFile(file, MAX_BYTES)
  return read.kind === 'text' ? read.text : ''
}

/** Returns the lines of the named top-level keys, without comments and blank lines. Pure. */
export function blocksOf(text: string, keys: readonly string[]): string {
  let isWanted = false
  return text
    .split(/\r?\n/)
    .filter((line) => {
      if (/^\s*(#|$)/.test(line)) return false
      const key = /^([A-Za-z_]\w*)\s*:/.exec(line)?.[1]
      if (key !== undefined) isWanted = keys.includes(key)
      return isWanted
    })
    .map((line) => line.replace(/\s+#.*$/, '').trimEnd())
    .join('\n')
}
