// Serena's own files: settings and projects that cannot be read, several homes, shared data.
import type { Diagnosis } from '../diagnosis.ts'
import { joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, ProjectFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis, placeText } from '../make-diagnosis.ts'
import { keyLine } from './dashboard.ts'

/** A `serena_config.yml` that Serena cannot read. */
export const brokenSettings = ({ homes }: DoctorFacts): Diagnosis[] =>
  homes.flatMap(({ file, problem, line }) =>
    problem === null
      ? []
      : [
          unreadable(
            { kind: 'broken-settings', key: file, file, line },
            `${problem} Every later start of a Serena with this home fails.`,
          ),
        ],
  )

/** A project.yml that ends each later start: invalid, or a name that is not text. */
export const brokenProjects = ({ projects }: DoctorFacts): Diagnosis[] =>
  projects.flatMap((project) => {
    const { file, problem, line, root } = project
    if (problem === null) return nameProblem(project)
    const why = `${problem} A Serena for this project starts without it.`
    return [unreadable({ kind: 'broken-project', key: root, file, line }, why)]
  })

function unreadable(
  about: { kind: string; key: string; file: string; line: number | null },
  why: string,
): Diagnosis {
  const { file, line } = about
  return generalDiagnosis({
    ...about,
    severity: 'error',
    title: `Serena cannot read ${file}.`,
    why,
    advice: 'Correct the file, or move it away: Serena writes a new one.',
    evidence: [`${file}:${line ?? 1}`],
  })
}

function nameProblem(project: ProjectFact): Diagnosis[] {
  const name = project.keys.get('project_name')
  if (name === undefined || name === null || typeof name === 'string') return []
  const { file, root } = project
  const line = keyLine(project, 'project_name')
  const text = name instanceof Date ? name.toISOString().slice(0, 10) : String(name)
  return [
    generalDiagnosis({
      kind: 'broken-project',
      key: root,
      file,
      line,
      severity: 'error',
      title: `The project name ${text} is not a string.`,
      why: 'Serena joins the names of all registered projects: each later start with this home fails with a TypeError, also for other projects.',
      advice: `Write project_name: "${text}".`,
      evidence: [`${file}:${line ?? 1}: project_name: ${text}`],
      changes: [{ file, format: 'yaml', changes: [{ kind: 'set', path: ['project_name'], value: text }] }],
    }),
  ]
}

/** Entries with different SERENA_HOMEs: settings, memories and registered projects are kept several times. */
export function severalHomes(facts: DoctorFacts): Diagnosis[] {
  const all = startingEntries(facts).map((fact) => ({
    fact,
    home: homeOf(fact.entry.env['SERENA_HOME'], facts),
  }))
  const homes = [...new Set(all.map(({ home }) => home))]
  const odd = all.find(({ home }) => home !== facts.serenaHome)
  if (homes.length < 2 || !odd) return []
  return [
    entryDiagnosis(odd.fact, {
      kind: 'several-homes',
      severity: 'warning',
      value: 'SERENA_HOME',
      title: `Your clients use ${homes.length} different SERENA_HOMEs: ${joined(homes)}.`,
      why: 'Each has its own settings, registered projects, memories and language servers.',
      advice: 'Use one SERENA_HOME in all entries.',
      evidence: all.map(({ fact, home }) => `${home}: ${placeText(fact)}`),
    }),
  ]
}

/** In the files of another machine, the default home has that machine's path. */
function homeOf(value: string | undefined, { serenaHome, isElsewhere }: DoctorFacts): string {
  const home = value?.trim().replace(/[\\/]+$/, '') ?? ''
  if (home === '' || /^(~|\$HOME|\$\{HOME\}|\$\{env:HOME\}|\$\{userHome\})[\\/]\.serena$/.test(home))
    return serenaHome
  return isElsewhere &&
    /^(\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Za-z]:[\\/]Users[\\/][^\\/]+)[\\/]\.serena$/.test(home)
    ? serenaHome
    : home
}

/** Working trees of one repository, or other projects, whose data is in one folder. */
export function sharedData({ projects }: DoctorFacts): Diagnosis[] {
  const byData = new Map<string, ProjectFact[]>()
  for (const project of projects)
    if (project.data !== null) byData.set(project.data, [...(byData.get(project.data) ?? []), project])
  return [...byData].flatMap(([data, sharing]) => {
    const [first] = sharing
    if (!first || sharing.length < 2) return []
    const areWorktrees =
      first.repository !== null && sharing.every((one) => one.repository === first.repository)
    return [
      generalDiagnosis({
        kind: 'shared-data',
        key: data,
        file: first.file,
        line: 1,
        severity: 'warning',
        title: `${sharing.length} ${areWorktrees ? 'working trees of one repository' : 'projects'} share the data folder ${data}.`,
        why: 'Their caches, memories and settings overwrite each other, and Serena can edit the files of the other one.',
        advice:
          'Give each its own folder, for example $projectDir/.serena in project_serena_folder_location.',
        evidence: sharing.map(({ root }) => root),
      }),
    ]
  })
}
