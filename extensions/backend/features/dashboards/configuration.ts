// Serena's global configuration as a person may edit it: the secret never leaves, what changes is shown first, and nothing
// that is not YAML is written. Pure.
import { createHash } from 'node:crypto'
import { diffLines } from 'diff'
import { readYamlMapping } from '../../lib/yaml-mapping.ts'

const SECRET = /^(\s*auth_secret\s*:[ \t]*)(\S[^\n]*)$/gm
const MASK = '"********"'

/** The text without its secrets, as it may be shown. */
export const maskSecrets = (text: string): string => text.replace(SECRET, `$1${MASK}`)

/** What was edited, with the secrets of the original where the mask still stands. */
export function unmaskSecrets(edited: string, original: string): string {
  const secrets = [...original.matchAll(SECRET)].map(([, , value = '']) => value)
  let at = 0
  return edited.replace(SECRET, (line, key: string, value: string) => {
    const secret = secrets[at++]
    return value.trim() === MASK && secret !== undefined ? key + secret : line
  })
}

/** Names one state of the file. */
export const etagOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** What saving would change, with the secrets masked, and a hash that names exactly this change. */
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

/** Why the text cannot be a configuration; null: it can. */
function problemOf(text: string): string | null {
  const read = readYamlMapping(text)
  if ('problem' in read) return read.words === null ? read.problem : `It is no YAML: ${read.words}`
  return read.keys.size > 0 ? null : 'A configuration is a list of keys with values.'
}
