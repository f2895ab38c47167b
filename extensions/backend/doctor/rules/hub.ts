// Clients that could share one Serena, and clients that try to and cannot.
import { sharedWords } from '../../clients/configs/share-entry.ts'
import { productCommand } from '../../lib/product.ts'
import { fixOf, withCommand } from '../argument-changes.ts'
import type { Diagnosis, FileFix } from '../diagnosis.ts'
import { groupsBy, joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis, placeText } from '../make-diagnosis.ts'

const PROJECT_OPTIONS: readonly string[] = ['--project', '--project-file']

/** Several clients name the same folder, each with a Serena of its own. */
export function twoClientsOneRoot(facts: DoctorFacts): Diagnosis[] {
  const own = startingEntries(facts).filter(
    ({ through, root, command }) => through !== 'connect' && root !== null && command?.transport === 'stdio',
  )
  return groupsBy(own, ({ root }) => root).flatMap(([root, ofRoot]) => {
    const clients = [...new Map(ofRoot.map((fact) => [fact.entry.client, fact])).values()]
    const [first, ...others] = clients
    if (!first || others.length === 0) return []
    return [
      entryDiagnosis(first, {
        kind: 'two-clients-one-root',
        severity: 'info',
        title: `${joined(clients.map(({ client }) => client.name))} each start their own Serena for ${root}.`,
        why: 'Each has its own language servers, and two on one project can damage its caches and edits.',
        ...sharing(clients),
        evidence: others.map((one) => placeText(one)),
      }),
    ]
  })
}

/** The hub shares a Serena only between equal arguments. */
function sharing(clients: readonly EntryFact[]): { advice: string; changes?: readonly FileFix[] } {
  const [first] = clients
  const difference = clients.map((one) => first && differenceOf(first, one)).find((one) => one !== null)
  if (difference)
    return {
      advice: `To share one through the hub (serena-deck connect), make them equal first: ${difference}.`,
    }
  return {
    advice: 'Share one through the hub: start it with serena-deck connect.',
    changes: clients.flatMap((fact) => fixOf(fact, throughHub(fact))),
  }
}

function throughHub(fact: EntryFact): ReturnType<typeof withCommand> {
  const words = sharedWords(fact.argv, productCommand)
  return words && withCommand(fact, words)
}

/** Entries through `connect` for one project that differ in what the hub must keep apart. */
export function unshareable(facts: DoctorFacts): Diagnosis[] {
  const connected = startingEntries(facts).filter(
    ({ through, argv, command }) =>
      through === 'connect' &&
      !argv.includes('--private') &&
      !argv.some((word) => word.startsWith('--share-as')) &&
      command?.transport === 'stdio',
  )
  return connected.flatMap((fact, at) => {
    const other = connected
      .slice(0, at)
      .find((one) => one.entry.client !== fact.entry.client && differenceOf(one, fact) !== null)
    if (!other) return []
    return [
      entryDiagnosis(fact, {
        kind: 'not-shareable',
        severity: 'info',
        title: `${joined([other.client.name, fact.client.name])} use the hub but cannot share a Serena: ${differenceOf(other, fact) ?? ''}.`,
        why: 'The hub starts one Serena for each set of arguments, so both run at the same time on one project.',
        advice: 'Make the arguments equal.',
        evidence: [placeText(other)],
      }),
    ]
  })
}

/** Returns what keeps them apart, where both can have the same project; null: nothing. */
function differenceOf(a: EntryFact, b: EntryFact): string | null {
  const isSameRoot = a.root !== null && a.root === b.root
  const areOpen =
    a.root === null &&
    b.root === null &&
    a.command?.isProjectFromCwd === true &&
    b.command?.isProjectFromCwd === true
  if (!isSameRoot && !areOpen) return null
  const [contextA, contextB] = [a, b].map(({ command }) => command?.context ?? 'desktop-app')
  // Each client has a context of its own: that is not a fault as long as nothing names the same folder.
  if (contextA !== contextB)
    return isSameRoot ? `their contexts are ${contextA ?? ''} and ${contextB ?? ''}` : null
  const [homeA, homeB] = [a, b].map(({ entry }) => entry.env['SERENA_HOME'] ?? '')
  if (homeA !== homeB) return 'their SERENA_HOMEs differ'
  const [left, right] = [a, b].map(restOf)
  return left === right ? null : 'their arguments differ'
}

/** The arguments of Serena apart from the project and the context, in the order that does not matter. */
function restOf({ argv, serenaFrom }: EntryFact): string {
  const words = argv.slice(serenaFrom ?? argv.length)
  const kept: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const option = word.split('=')[0] ?? ''
    if ([...PROJECT_OPTIONS, '--context'].includes(option)) {
      if (!word.includes('=')) at++
    } else if (word !== '--project-from-cwd') kept.push(word)
  }
  return JSON.stringify(kept)
}
