// Versions of Serena: unsafe ones, several at once, and those that cannot read a project that a later one has changed.

import { SERENA_PACKAGE } from '../../serena/command-line.ts'
import { fixOf } from '../argument-changes.ts'
import { compareVersions } from '../compare-versions.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact, ProjectFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis, placeText } from '../make-diagnosis.ts'
import { keyLine } from './dashboard.ts'

const SAFE = '1.5.2'
/** Renames `languages` of project.yml to `language_servers`. */
const RENAMES = '1.7.0'

/** Below 1.5.2 the dashboard answers every web page in the browser. */
export function outdatedSerena(facts: DoctorFacts): Diagnosis[] {
  const old = startingEntries(facts).filter(
    ({ version }) => version !== null && compareVersions(version, SAFE) < 0,
  )
  const versions = [...new Set(old.flatMap(({ version }) => version ?? []))]
  return versions.flatMap((version) => {
    const [first, ...others] = old.filter((fact) => fact.version === version)
    if (!first) return []
    return [
      entryDiagnosis(first, {
        kind: 'outdated-serena',
        severity: 'warning',
        title: `${joined([first, ...others].map(({ client }) => client.name))} ${others.length === 0 ? 'starts' : 'start'} Serena ${version}, whose dashboard any website can use.`,
        why: `Before ${SAFE} the dashboard does not check the origin of requests: any web page that you open can read memories and end Serena.`,
        advice: updateAdvice(first),
        changes: [first, ...others].flatMap((fact) => withSource(fact, SERENA_PACKAGE)),
        evidence: [`Serena ${version}${originOf(first)}`, ...others.map((one) => placeText(one))],
      }),
    ]
  })
}

const updateAdvice = ({ source }: EntryFact): string =>
  source === null
    ? 'Update it: uv tool upgrade serena-agent.'
    : `Use the package ${SERENA_PACKAGE} without ${source.ref ?? 'its version'}.`

/** Starts another package; nothing if the program is installed. */
function withSource(fact: EntryFact, text: string): ReturnType<typeof fixOf> {
  const { source, places, argv } = fact
  const path = source === null ? null : places[source.index]
  if (source === null || path === null || path === undefined) return []
  const value = (argv[source.index] ?? '').replace(source.text, text)
  // `uvx serena-agent@1.4.0 …` names the program as well.
  return value === text && !isNamedByOption(fact) ? [] : fixOf(fact, [{ kind: 'set', path, value }])
}

const isNamedByOption = ({ argv, source }: EntryFact): boolean =>
  source !== null && /^--(from|spec)$/.test(argv[source.index - 1] ?? '')

const originOf = ({ source, argv }: EntryFact): string =>
  source === null ? `: ${argv[0] ?? ''}` : `: ${source.text}${source.ref === null ? '' : ` at ${source.ref}`}`

/** Entries that start different versions. Quiet where that is a finding of its own: an unsafe version, or a broken project. */
export function severalVersions(facts: DoctorFacts): Diagnosis[] {
  const known = startingEntries(facts).filter(
    ({ version }) => version !== null && compareVersions(version, SAFE) >= 0,
  )
  const versions = [...new Set(known.flatMap(({ version }) => version ?? []))].sort(compareVersions)
  const newest = known.find(({ version }) => version === versions.at(-1))
  const old = known.filter(({ version }) => version !== newest?.version)
  const [first] = old
  if (!first || newest === undefined || mixedVersions(facts).length > 0) return []
  const { source } = newest
  return [
    entryDiagnosis(first, {
      kind: 'several-versions',
      severity: 'warning',
      title: `Your clients start different versions of Serena: ${joined(versions)}.`,
      why: 'They share projects and settings, and a later version changes files that an earlier one then cannot read.',
      advice: `Use ${newest.version ?? ''} everywhere.`,
      evidence: known
        .filter((fact) => fact !== first)
        .map((fact) => `${fact.version ?? ''}: ${placeText(fact)}`),
      changes:
        source === null || !isNamedByOption(newest)
          ? []
          : old.flatMap((fact) => withSource(fact, source.text)),
    }),
  ]
}

/** A project that Serena 1.7 or later has written, and an entry that starts an earlier one on it. */
export function mixedVersions(facts: DoctorFacts): Diagnosis[] {
  const old = startingEntries(facts).filter(
    ({ version }) => version !== null && compareVersions(version, RENAMES) < 0,
  )
  return facts.projects.flatMap((project) => {
    if (!project.keys.has('language_servers') || project.keys.has('languages')) return []
    const [first, ...others] = old.filter((fact) => usesProject(fact, project))
    if (!first) return []
    const line = keyLine(project, 'language_servers')
    return [
      generalDiagnosis({
        kind: 'mixed-versions',
        key: project.root,
        client: first.entry.client,
        file: project.file,
        line,
        severity: 'error',
        title: `Serena ${first.version ?? ''} of ${joined([first, ...others].map(({ client }) => client.name))} cannot open the project ${project.root}.`,
        why: `Serena ${RENAMES} or later has renamed languages to language_servers in its project.yml; an earlier one exits at its start with KeyError: 'languages'.`,
        advice: 'Use one version of Serena for this project.',
        changes: [first, ...others].flatMap((fact) => withSource(fact, SERENA_PACKAGE)),
        evidence: [
          `${project.file}:${line ?? 1}: language_servers`,
          ...[first, ...others].map((one) => placeText(one)),
        ],
      }),
    ]
  })
}

/** The entry names the project, or the folder of any session counts. */
const usesProject = ({ root, command }: EntryFact, project: ProjectFact): boolean =>
  root === project.root || (root === null && command?.isProjectFromCwd === true)
