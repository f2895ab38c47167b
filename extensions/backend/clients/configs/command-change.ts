// Another command line for an entry, as the entry spells it. Pure.

import { isFields } from '../../lib/fields.ts'
import type { ConfigChange } from './config-change.ts'
import type { ConfigEntry } from './config-entry.ts'

/** They ignore a command that is a text. */
const ONLY_LISTS: readonly string[] = ['opencode', 'kilo-code']

/**
 * Returns the changes that make an entry start this command line: one list, a program with its arguments, or (old Zed) a map with
 * `path`; below `transport` for some. `value`: of the entry in its file. Null: its shape is not known.
 */
export function commandChange(
  { client, path }: Pick<ConfigEntry, 'client' | 'path'>,
  value: unknown,
  argv: readonly string[],
): ConfigChange[] | null {
  if (!isFields(value)) return null
  const isBelow = isFields(value['transport'])
  const holder = isBelow ? value['transport'] : value
  if (!isFields(holder)) return null
  const base = isBelow ? [...path, 'transport'] : [...path]
  const key = ['command', 'cmd'].find((one) => one in holder)
  if (key === undefined) return null
  const command = holder[key]
  const [program = '', ...args] = argv
  const set = (at: readonly (string | number)[], to: unknown): ConfigChange => ({
    kind: 'set',
    path: [...base, ...at],
    value: to,
  })
  if (isFields(command)) return [set([key, 'path'], program), set([key, 'args'], args)]
  if (!Array.isArray(command) && !ONLY_LISTS.includes(client))
    return [set([key], program), set(['args'], args)]
  const whole = set([key], [...argv])
  return 'args' in holder ? [whole, { kind: 'remove', path: [...base, 'args'] }] : [whole]
}
