// Secrets that other programs and users can read.

import type { Diagnosis } from '../diagnosis.ts'
import { activeEntries, groupsBy } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis } from '../make-diagnosis.ts'
import { chmodAdvice, hasSecretName, secretIn } from '../secret-words.ts'

/** A token among the arguments or in the URL: every program of every user can list command lines. */
export function secretArguments(facts: DoctorFacts): Diagnosis[] {
  return activeEntries(facts).flatMap((fact) => {
    const at = fact.argv.findIndex((word, index) => secretIn(word, fact.argv[index - 1] ?? ''))
    if (at < 0) return []
    return [
      entryDiagnosis(fact, {
        kind: 'secret-argument',
        severity: 'warning',
        value: fact.argv[at] ?? '',
        title: `The command line of ${fact.entry.name} in ${fact.client.name} contains a secret.`,
        why: 'All users of this machine can read the arguments of running programs.',
        advice: 'Move it to an environment variable of the entry.',
      }),
    ]
  })
}

/** A file with secrets that other users of this machine can read. */
export function readableSecrets(facts: DoctorFacts): Diagnosis[] {
  const exposed = activeEntries(facts).filter(
    (fact) => fact.file.mode !== null && (fact.file.mode & 0o044) !== 0 && hasSecret(fact),
  )
  return groupsBy(exposed, ({ entry }) => entry.file).flatMap(([, [fact]]) =>
    fact === undefined
      ? []
      : [
          entryDiagnosis(fact, {
            kind: 'readable-secret',
            severity: 'warning',
            title: `Other users of this machine can read ${fact.entry.file}, which contains a secret.`,
            why: `Its mode is ${(fact.file.mode ?? 0).toString(8)}.`,
            advice: chmodAdvice(fact.entry.file),
          }),
        ],
  )
}

const hasSecret = ({ entry, argv }: EntryFact): boolean =>
  Object.entries(entry.env).some(([name, value]) => hasSecretName(name) && isLiteral(value)) ||
  Object.entries(entry.headers ?? {}).some(
    ([name, value]) => /authorization|key|token/i.test(name) && isLiteral(value),
  ) ||
  (entry.url !== null && secretIn(entry.url, '')) ||
  argv.some((word, at) => secretIn(word, argv[at - 1] ?? ''))

/** Not a reference to a variable. */
const isLiteral = (value: string): boolean =>
  value.trim() !== '' && !/^[\s\w]*\$?\{|^\$\w+$|^%\w+%$/.test(value)
