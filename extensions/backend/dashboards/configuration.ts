// Serena's global configuration as the page edits it: secrets are masked, a change is previewed, and only YAML is written. Pure.
import { createHash } from 'node:crypto'
import { diffLines } from 'diff'
import { readYamlMapping } from '../lib/yaml-mapping.ts'

const SECRET = /^(\s*auth_secret\s*:[ \t]*)(\S[^\n]*)$/gm
const MASK = '"********"'

/** Returns the text with its secrets masked. */
export const maskSecrets = (text: string): string => text.replace(SECRET, `$1${MASK}`)

/** Returns the edited text with the original's secrets in place of the masks. */
export function unmaskSecrets(edited: string, original: string): string {
  const secrets = [...original.matchAll(SECRET)].map(([, , value = '']) => value)
  let at = 0
  return edited.replace(SECRET, (line, key: string, value: string) => {
    const secret = secrets[at++]
    return value.trim() === MASK && secret !== undefined ? key + secret : line
  })
}

/** Identifies one state of the file. */
export const etagOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** Returns what saving would change, with the secrets masked, and a hash that identifies exactly this change. */
export function previewOf(
  original: string,
  edited: string,
): { diff: string[]; hash: string; problem: string | null } {
  const diff = diffLines(maskSecrets(original), maskSecrets(edited)).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => sign + line)
  })
  return { diff, hash: etagOf(`${original}\u0000${edited}`), problem: problemOf(edited) }
}

/** Returns why the text cannot be a configuration; null: it can. */
function problemOf(text: string): string | null {
  const read = readYamlMapping(text)
  if ('problem' in read) return read.words === null ? read.problem : `Invalid YAML: ${read.words}`
  return read.keys.size > 0 ? null : 'Invalid configuration (expected keys with values).'
}
