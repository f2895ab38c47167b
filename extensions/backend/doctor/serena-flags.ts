// The options of `serena start-mcp-server` by version, read from the sources of 0.1.4 to 2.1.0. Pure.
import { compareVersions } from './compare-versions.ts'

interface OptionFact {
  /** The last version that is known not to have it; null: every version has it. */
  absentTo: string | null
}

const EVERY: OptionFact = { absentTo: null }
const OPTIONS: ReadonlyMap<string, OptionFact> = new Map<string, OptionFact>([
  ['--project', EVERY],
  ['--project-file', EVERY],
  ['--context', EVERY],
  ['--mode', EVERY],
  ['--transport', EVERY],
  ['--host', EVERY],
  ['--port', EVERY],
  ['--enable-web-dashboard', EVERY],
  ['--enable-gui-log-window', EVERY],
  ['--log-level', EVERY],
  ['--trace-lsp-communication', EVERY],
  ['--tool-timeout', EVERY],
  ['--project-from-cwd', { absentTo: '0.1.4' }],
  ['--open-web-dashboard', { absentTo: '0.1.4' }],
  ['--language-backend', { absentTo: '0.1.4' }],
  ['--add-mode', { absentTo: '1.0.0' }],
  ['--agent-interface', { absentTo: '1.7.0' }],
])
const SWITCHES: readonly string[] = ['--project-from-cwd', '--help']
/** A later version may have options that are not listed here. */
const LATEST_READ = '2.1.0'

/** Returns why Serena refuses an option; null: it does not, or that is not known. `version`: null if not known. */
export function refusalOf(option: string, version: string | null): string | null {
  if (option === '--help') return null
  const known = OPTIONS.get(option)
  if (known === undefined)
    return version !== null && compareVersions(version, LATEST_READ) > 0
      ? null
      : version === null
        ? 'No version of Serena up to 2.1.0 has it.'
        : `Serena ${version} does not have it.`
  if (version === null || known.absentTo === null || compareVersions(version, known.absentTo) > 0) return null
  return `Serena ${version} does not have it; a later version does.`
}

/** Whether an option takes the next word as its value. */
export const takesValue = (option: string): boolean => OPTIONS.has(option) && !SWITCHES.includes(option)

/** Returns the known option that a wrong one most likely means; null: none is close. */
export function closestOption(option: string): string | null {
  const plain = option.replace(/_/g, '-').toLowerCase()
  if (OPTIONS.has(plain)) return plain
  return [...OPTIONS.keys()].find((one) => distance(one, plain) <= 2) ?? null
}

/** The number of changed characters between two texts (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, right] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
