// One client that starts several Serenas, or one entry that hides another.
import { isDeepStrictEqual } from 'node:util'
import type { Diagnosis, FileFix } from '../diagnosis.ts'
import { groupsBy, joined, mayStart } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis, placeText } from '../make-diagnosis.ts'

/** Two entries of one client that start at the same time: two names, a plugin and an own entry, or another program's file. */
export function registeredTwice({ entries }: DoctorFacts): Diagnosis[] {
  return groupsBy(entries.filter(mayStart), ({ entry }) => entry.client).flatMap(([, ofClient]) =>
    clustersOf(ofClient.filter((fact) => !isHidden(fact, ofClient))).flatMap(twiceIn),
  )
}

/** An entry that never starts: another scope has the same name. */
export function shadowedEntries({ entries }: DoctorFacts): Diagnosis[] {
  return groupsBy(entries.filter(mayStart), ({ entry }) => entry.client).flatMap(([, ofClient]) =>
    ofClient.flatMap((fact) => {
      const by = ofClient.find((other) => hides(other, fact))
      return by && fact.entry.owner === undefined && by.entry.owner === undefined ? [shadowed(fact, by)] : []
    }),
  )
}

function shadowed(fact: EntryFact, by: EntryFact): Diagnosis {
  const isEqual = isSameServer(fact, by)
  const name = fact.client.name
  return entryDiagnosis(fact, {
    kind: 'shadowed-entry',
    severity: isEqual ? 'info' : 'warning',
    title: `${name} has ${fact.entry.name} registered twice: the entry of the ${by.entry.scope} scope hides the one of the ${fact.entry.scope} scope.`,
    why: isEqual
      ? `${name} starts only the first one; changes to the other one have no effect.`
      : `The two differ, and ${name} uses only the first one: changes to the other one have no effect.`,
    advice: `Remove the hidden entry from ${fact.entry.file}.`,
    evidence: [placeText(by)],
    changes: removalOf(fact),
  })
}

function twiceIn(cluster: readonly EntryFact[]): Diagnosis[] {
  const [kept, ...others] = [...cluster].sort((a, b) => rankOf(a) - rankOf(b))
  // Entries of another client's file alone are that client's finding.
  const first = others.find(({ entry }) => entry.owner === undefined)
  if (!kept || !first) return []
  const { name } = kept.client
  const places = cluster.map(({ entry }) => `${entry.name} (${entry.scope})`)
  return [
    entryDiagnosis(first, {
      kind: 'registered-twice',
      severity: 'warning',
      title: `${name} starts ${cluster.length === 2 ? 'two Serenas' : `${cluster.length} Serenas`} for each session: Serena is registered twice.`,
      why: `${joined(places)} all start at once. Each has its own language servers, and two on one project can damage its caches and edits.`,
      advice: `Keep ${kept.entry.name} and remove ${joined(others.map(({ entry }) => `${entry.name} from ${entry.file}`))}.`,
      evidence: cluster.filter((one) => one !== first).map((one) => placeText(one)),
      changes: others.flatMap(removalOf),
    }),
  ]
}

/** Lower is kept: what the user cannot remove, then what is shared, then the order of the client. */
function rankOf({ entry, through, client }: EntryFact): number {
  const isForeign = entry.owner !== undefined || FOREIGN.includes(entry.scope)
  const place = client.precedence.indexOf(entry.scope)
  return (isForeign ? 0 : 100) + (through === 'connect' ? 0 : 50) + (place < 0 ? 40 : place)
}

const FOREIGN: readonly string[] = ['plugin', 'extension', 'managed', 'subagent']

const removalOf = ({ entry, client }: EntryFact): readonly FileFix[] =>
  client.isWritable && entry.owner === undefined && !FOREIGN.includes(entry.scope)
    ? [{ file: entry.file, format: entry.format, changes: [{ kind: 'remove', path: entry.path }] }]
    : []

/** Groups of entries that one session starts together. */
function clustersOf(entries: readonly EntryFact[]): EntryFact[][] {
  const clusters: EntryFact[][] = []
  for (const fact of entries) {
    if (fact.entry.scope === 'subagent') continue
    const cluster = clusters.find((one) => one.every((other) => isBoth(fact, other)))
    if (cluster) cluster.push(fact)
    else clusters.push([fact])
  }
  return clusters
}

/** Whether one session starts both, for the same project. */
function isBoth(a: EntryFact, b: EntryFact): boolean {
  if (!isSameSession(a, b)) return false
  if (a.root !== null && b.root !== null && a.root !== b.root) return false
  // Equal servers of a plugin and of an own entry start once; the same for a file that two clients read.
  const isElsewhere = [a, b].some(({ entry }) => entry.owner !== undefined || FOREIGN.includes(entry.scope))
  return !(isElsewhere && isSameServer(a, b))
}

const isSameSession = ({ entry: a }: EntryFact, { entry: b }: EntryFact): boolean =>
  (a.project === null || b.project === null || a.project === b.project) &&
  !(a.scope === 'profile' && b.scope === 'profile' && a.file !== b.file)

const isSameServer = ({ entry: a }: EntryFact, { entry: b }: EntryFact): boolean =>
  a.url === b.url && isDeepStrictEqual(a.command, b.command) && isDeepStrictEqual(a.env, b.env)

const isHidden = (fact: EntryFact, others: readonly EntryFact[]): boolean =>
  others.some((other) => hides(other, fact))

/** Whether `other` starts instead of `fact`: the same name, and a scope that comes first, in all of the other one's projects. */
function hides(other: EntryFact, fact: EntryFact): boolean {
  const { entry, client } = fact
  if (other === fact || other.entry.name !== entry.name || !isSameSession(other, fact)) return false
  const [first, second] = [other.entry.scope, entry.scope].map((scope) => client.precedence.indexOf(scope))
  if (first === undefined || second === undefined || first < 0 || second < 0) return false
  if (first === second)
    return other.entry.file !== entry.file && other.entry.owner === undefined && entry.owner !== undefined
  return first < second
}
