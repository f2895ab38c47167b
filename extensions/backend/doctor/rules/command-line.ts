// Command lines that cannot start a Serena, or only by luck.
import { fixOf, flagOf, withCommand, without, withValue } from '../argument-changes.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis } from '../make-diagnosis.ts'
import { closestOption, refusalOf, takesValue } from '../serena-flags.ts'

/** The whole command line in `command`: the client looks for a program with that name. */
export function oneStringCommand(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter(({ isOneString }) => isOneString)
    .map((fact) =>
      entryDiagnosis(fact, {
        kind: 'one-string-command',
        severity: 'error',
        value: fact.argv[0] ?? '',
        title: `The entry of ${fact.client.name} has the whole command line in one string.`,
        why: `${fact.client.name} looks for a program with this whole name, spaces included, and starts nothing.`,
        advice: 'Put the program into command and each argument into args.',
        changes: fixOf(fact, withCommand(fact, fact.argv)),
      }),
    )
}

/** `wrap` and `connect` without the `--` before Serena's command: some clients remove it. */
export function swallowedDashes(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const { argv, through, serenaFrom } = fact
    const at = through === null ? -1 : argv.indexOf(through)
    if (at < 0 || serenaFrom === null) return []
    const words = argv.slice(at + 1, serenaFrom)
    if (words.includes('--') || !words[0]?.startsWith('--')) return []
    const flags = words.filter((word) => word.startsWith('--web-dashboard') || word.startsWith('--idle'))
    if (flags.length === 0) return []
    const command = argv.slice(at + 1)
    const from = command.findIndex(
      (word, index) => !word.startsWith('-') && !isValueOf(command[index - 1] ?? '', word),
    )
    const fixed = [...argv.slice(0, at + 1), ...command.slice(0, from), '--', ...command.slice(from)]
    return [
      entryDiagnosis(fact, {
        kind: 'swallowed-dashes',
        severity: 'info',
        value: through ?? '',
        title: `The -- between ${through ?? ''} and the command of Serena is missing.`,
        why: `The mcp add command of ${fact.client.name} removes it. Serena Deck finds the command by itself, but if both have an option with the same name, it reads the one for Serena as its own.`,
        advice: 'Put -- before the command of Serena.',
        changes: fixOf(fact, from < 0 ? null : withCommand(fact, fixed)),
      }),
    ]
  })
}

const isValueOf = (flag: string, word: string): boolean =>
  flag.startsWith('--') && !flag.includes('=') && /^(\d+|true|false|yes|no|on|off)$/i.test(word)

/** Zero-width, no-break and similar characters, and control characters other than line ends and tabs. */
const HIDDEN = /[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/
const HIDDEN_ALL = new RegExp(HIDDEN.source, 'g')

/** White space that is not visible, in the name, the command, an argument or the URL. */
export function hiddenWhiteSpace(facts: DoctorFacts): Diagnosis[] {
  return facts.entries
    .filter(({ entry }) => entry.enabled !== false && entry.owner === undefined)
    .flatMap((fact) => {
      const { entry } = fact
      const words = (fact.isOneString ? [] : fact.argv).flatMap((word, at) => wordProblem(word, at, fact))
      const values = [
        ...wordProblemAt(
          'url',
          entry.url ?? '',
          ['url', 'serverUrl', 'httpUrl', 'uri'].find((key) => key in recordOf(fact.raw)),
        ),
        ...wordProblemAt('name', entry.name, undefined),
        ...Object.entries(entry.env).flatMap(([name]) => wordProblemAt('variable', name, undefined)),
      ]
      const all = [
        ...words,
        ...values.map(({ what, key, clean }) => ({
          what,
          path: key === undefined ? null : [...entry.path, key],
          clean,
        })),
      ]
      const [first] = all
      if (!first) return []
      const changes = all.flatMap(({ path, clean }) =>
        path === null ? [] : [{ kind: 'set' as const, path, value: clean }],
      )
      return [
        entryDiagnosis(fact, {
          kind: 'hidden-white-space',
          severity: 'error',
          value: first.clean,
          title: `The ${first.what} of ${entry.name.trim()} in ${fact.client.name} contains invisible white space.`,
          why: `${fact.client.name} does not remove it, so it finds no program, folder or option with that name.`,
          advice: 'Remove the white space.',
          changes: fixOf(fact, changes),
        }),
      ]
    })
}

function wordProblem(
  word: string,
  at: number,
  { places, argv }: EntryFact,
): { what: string; path: EntryFact['places'][number]; clean: string }[] {
  // The text of a shell's script, or of `python -c`.
  const isScript = /^-[a-z]*c$/.test(argv[at - 1] ?? '')
  const clean = cleaned(word, isScript)
  return clean === word ? [] : [{ what: at === 0 ? 'command' : 'argument', path: places[at] ?? null, clean }]
}

function wordProblemAt(
  what: string,
  word: string,
  key: string | undefined,
): { what: string; key: string | undefined; clean: string }[] {
  const clean = cleaned(word, false)
  return clean === word ? [] : [{ what, key, clean }]
}

const cleaned = (word: string, isScript: boolean): string => {
  if (isScript) return HIDDEN.test(word) ? word.replace(HIDDEN_ALL, ' ') : word
  const trimmed = word.replace(/^\s+|\s+$/g, '')
  // A no-break space inside of a path may be meant; zero-width characters never are.
  return trimmed
    .replace(/[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g, '')
    .replace(/^\u00a0+|\u00a0+$/g, '')
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** The program is not on PATH, or its path does not exist. */
export function missingProgram(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter(({ program, isOneString }) => program === 'missing' && !isOneString)
    .filter(({ argv }) => argv[0] === argv[0]?.trim())
    .map((fact) => {
      const program = fact.argv[0] ?? ''
      const isPath = /[\\/]/.test(program)
      const serena = facts.serenas[0]?.program
      const change = /(^|[\\/])serena(\.exe)?$/.test(program) && serena !== undefined ? fact.places[0] : null
      return entryDiagnosis(fact, {
        kind: 'program-missing',
        severity: 'error',
        value: program,
        title: isPath ? `The program ${program} does not exist.` : `${program} is not on PATH.`,
        why: `${fact.client.name} cannot start this entry.`,
        advice: change ? `Use ${serena ?? ''}.` : 'Install it, or write the path of the program.',
        changes: fixOf(fact, change ? [{ kind: 'set', path: change, value: serena ?? '' }] : null),
      })
    })
}

/** Options that this version of Serena refuses: it exits at once. */
export function unknownFlags(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    if (fact.serenaFrom === null) return []
    return unknownIn(fact).map(({ option, at, why }) => {
      const better = closestOption(option)
      const isRenamed = better !== null && better !== option
      const isValued = takesValue(better ?? option) || (!isRenamed && hasValueAfter(fact, at))
      const indexes = (fact.argv[at] ?? '').includes('=') || !isValued ? [at] : [at, at + 1]
      const path = fact.places[at]
      const word = fact.argv[at] ?? ''
      return entryDiagnosis(fact, {
        kind: 'unknown-flag',
        severity: 'error',
        value: option,
        title: `Serena does not support the option ${option}.`,
        why: `${why} It exits immediately with "No such option", and ${fact.client.name} shows no tools.`,
        advice: isRenamed ? `Write ${better} instead.` : `Remove ${option}.`,
        changes: fixOf(
          fact,
          isRenamed
            ? path === null || path === undefined
              ? null
              : [{ kind: 'set', path, value: word.replace(option, better) }]
            : without(fact, indexes),
        ),
      })
    })
  })
}

function unknownIn({ argv, serenaFrom, version }: EntryFact): { option: string; at: number; why: string }[] {
  const found: { option: string; at: number; why: string }[] = []
  const from = serenaFrom ?? argv.length
  for (let at = from; at < argv.length; at++) {
    const word = (argv[at] ?? '').trim()
    if (/^(&&|;|\||\|\||>|2>.*)$/.test(word)) break
    if (!word.startsWith('--') || word === '--') continue
    const option = word.split('=')[0] ?? ''
    const why = refusalOf(option, version)
    if (why !== null) found.push({ option, at, why })
    else if (takesValue(option) && !word.includes('=')) at++
  }
  return found
}

const hasValueAfter = ({ argv }: EntryFact, at: number): boolean => {
  const next = argv[at + 1]
  return next !== undefined && !next.startsWith('-')
}

/** Contexts that only one client has, and the clients that they are for. */
const OWN_CONTEXTS: readonly string[] = [
  'claude-code',
  'codex',
  'chatgpt',
  'antigravity',
  'copilot-cli',
  'jb-ai-assistant',
  'jb-copilot-plugin',
  'junie',
  'grok',
  'zcode',
  'codebuddy',
]

/** A context that is made for another client. */
export function wrongContext(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const found = flagOf(fact, '--context')
    const { context, otherContexts, name } = fact.client
    if (!found || found.value === context || otherContexts.includes(found.value)) return []
    const isOther = OWN_CONTEXTS.includes(found.value)
    const isDesktop =
      found.value === 'desktop-app' && context !== 'desktop-app' && fact.client.hasFolder === true
    if (!isOther && !isDesktop) return []
    return [
      entryDiagnosis(fact, {
        kind: 'wrong-context',
        severity: 'warning',
        value: found.value,
        title: `The context ${found.value} is not suitable for ${name}.`,
        why: isDesktop
          ? `${name} already has tools for files and commands: Serena offers the same ones again.`
          : `It adapts the tools and instructions of Serena to another client: tools that ${name} needs may be missing.`,
        advice: `Use the context ${context}.`,
        changes: fixOf(fact, withValue(fact, found, context)),
      }),
    ]
  })
}
