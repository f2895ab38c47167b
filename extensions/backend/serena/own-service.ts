// Our own processes that serve clients: the hub, and `connect` for each client. Their arguments contain the command line of a Serena, and
// no ending of an instance touches them. Pure.
import { isInterpreter } from '../lib/interpreters.ts'
import { memoize } from '../lib/memoize.ts'
import type { ProcessFact } from '../os/process-facts.ts'

export type OwnService = 'hub' | 'connect'

/** The program with its commands, and the bundles that are one of them each. */
const PROGRAM = /(^|[\\/])(serena-deck(\.exe|\.cmd)?|backend[\\/]cli\.js)$/i
/** The title that they give themselves. */
const TITLE = /^serena-deck (hub|connect)\b/
const BUNDLE = /[\\/]backend[\\/](hub|connect)\.c?js$/

/** Returns which of our services a process is; null: another program. */
export const ownServiceOf = ({ argv }: Pick<ProcessFact, 'argv'>): OwnService | null =>
  argv === null ? null : serviceOfWords(argv)

/** Every plan checks all processes again. */
const serviceOfWords = memoize(findService)

function findService(argv: readonly string[]): OwnService | null {
  const [program = '', ...rest] = argv
  const title = TITLE.exec(program)?.[1]
  if (title === 'hub' || title === 'connect') return title
  const name = (program.split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/i, '').toLowerCase()
  const words = isInterpreter(name, 'javascript') ? rest.slice(scriptAt(rest)) : argv
  const [script = '', command] = words
  const service = BUNDLE.exec(script)?.[1] ?? (PROGRAM.test(script) ? command : undefined)
  return service === 'hub' || service === 'connect' ? service : null
}

/** The first word that is not an option of Node. */
function scriptAt(words: readonly string[]): number {
  const at = words.findIndex((word) => !word.startsWith('-'))
  return at < 0 ? words.length : at
}
