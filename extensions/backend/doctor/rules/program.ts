// The program that an entry starts: renamed, of a wrong package, or built again at each start.

import type { ConfigChange } from '../../clients/configs/config-change.ts'
import { SERENA_PACKAGE } from '../../serena/command-line.ts'
import { fixOf, flagOf, withCommand, withValue } from '../argument-changes.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis } from '../make-diagnosis.ts'

const OLD_PROGRAM = /(^|[\\/])serena-mcp-server(\.exe)?$/
const NEW_CALL = ['serena', 'start-mcp-server']

/** `serena-mcp-server`, which no version after 1.0.0 installs. */
export function renamedProgram(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const at = fact.argv.findIndex((word) => OLD_PROGRAM.test(word))
    if (at < 0 || (fact.version !== null && /^(0\.|1\.0\.)/.test(fact.version))) return []
    const isInstalled = facts.serenas.some(({ program }) => OLD_PROGRAM.test(program))
    if (isInstalled && at === 0) return []
    const argv = [...fact.argv.slice(0, at), ...NEW_CALL, ...fact.argv.slice(at + 1)]
    return [
      entryDiagnosis(fact, {
        kind: 'renamed-program',
        severity: 'error',
        value: 'serena-mcp-server',
        title: 'The program serena-mcp-server no longer exists.',
        why: `Serena later than 1.0.0 installs the program serena with the command start-mcp-server instead, so ${fact.client.name} cannot start it.`,
        advice: 'Use the command serena start-mcp-server.',
        changes: fixOf(fact, fact.places[at] ? (withProgram(fact, at) ?? withCommand(fact, argv)) : null),
      }),
    ]
  })
}

/** Only the words that change, if they are words of a list. */
function withProgram({ places, entry }: EntryFact, at: number): ConfigChange[] | null {
  const path = places[at]
  const isWord = typeof path?.at(-1) === 'number'
  // A list has no change that inserts: the whole command line is written, except where the program is alone at the end.
  return isWord && path !== undefined && path !== null && places.length === at + 1 && entry.path.length > 0
    ? [
        { kind: 'set', path, value: NEW_CALL[0] ?? '' },
        { kind: 'append', path: path.slice(0, -1), value: NEW_CALL[1] ?? '' },
      ]
    : null
}

/** The context `ide-assistant`, which 1.0.0 renamed to `claude-code`. */
export function renamedContext(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const found = flagOf(fact, '--context')
    if (found?.value !== 'ide-assistant' || (fact.version !== null && fact.version.startsWith('0.')))
      return []
    const { context, name } = fact.client
    return [
      entryDiagnosis(fact, {
        kind: 'renamed-context',
        severity: 'warning',
        value: 'ide-assistant',
        title: 'The context ide-assistant no longer exists.',
        why: `Serena 1.0.0 and later use claude-code instead${context === 'claude-code' ? '' : `, which is for a client other than ${name}`}.`,
        advice: `Use the context ${context}.`,
        changes: fixOf(fact, withValue(fact, found, context)),
      }),
    ]
  })
}

const BRANCH = /^(main|master|HEAD|develop|dev)$/i

/** `uvx --from git+https://…` without a tag: each start asks the repository, and often builds it again. */
export function unpinnedSource(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const { source } = fact
    if (source?.kind !== 'git' || (source.ref !== null && !BRANCH.test(source.ref))) return []
    const path = fact.places[source.index]
    const word = fact.argv[source.index] ?? ''
    const value = word.replace(/git\+\S+$/, SERENA_PACKAGE)
    const canReplace = path !== null && path !== undefined && value !== word && facts.platform !== undefined
    return [
      entryDiagnosis(fact, {
        kind: 'unpinned-source',
        severity: 'warning',
        value: 'git+',
        title: `${fact.client.name} downloads and builds the newest Serena at each start.`,
        why: 'A start takes many seconds; clients give up after 3 to 10 s and start it again, and an update can break it at any time.',
        advice: 'Use the published package serena-agent, which is cached after the first start.',
        changes: fixOf(fact, canReplace ? [{ kind: 'set', path, value }] : null),
      }),
    ]
  })
}

/** `uvx serena`: a package of that name exists, and it is another program. */
export function wrongPackage(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const { source } = fact
    if (source?.kind !== 'index' || !/^serena([=@<>~!]|$)/.test(source.text)) return []
    const word = fact.argv[source.index] ?? ''
    const isOption = source.index > 0 && /^(--from|--spec)(=|$)/.test(fact.argv[source.index - 1] ?? word)
    const argv = isOption
      ? fact.argv.map((one, at) =>
          at === source.index ? one.replace(/serena(?=[=@<>~!]|$)/, SERENA_PACKAGE) : one,
        )
      : [
          ...fact.argv.slice(0, source.index),
          '--from',
          SERENA_PACKAGE,
          'serena',
          ...fact.argv.slice(source.index + 1),
        ]
    return [
      entryDiagnosis(fact, {
        kind: 'wrong-package',
        severity: 'error',
        value: word,
        title: 'The package serena is a different program.',
        why: 'The package of Serena is named serena-agent: this command downloads and starts another program.',
        advice: 'Use uvx --from serena-agent serena.',
        changes: fixOf(fact, withCommand(fact, argv)),
      }),
    ]
  })
}
