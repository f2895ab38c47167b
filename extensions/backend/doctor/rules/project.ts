// Entries whose Serena gets no project, or the wrong one.

import { WORKSPACE_VARIABLE } from '../../clients/configs/placeholders.ts'
import { fixOf, flagOf, withAppended, without, wordsOf } from '../argument-changes.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, EntryFact } from '../facts.ts'
import { entryDiagnosis } from '../make-diagnosis.ts'

const FROM_CWD = '--project-from-cwd'

/** Entries that are not about one project. */
const OF_USER: ReadonlySet<string> = new Set(['user', 'profile', 'remote'])

/** Whether the client starts this entry in the folder of its session; null: not known. */
const startsInFolder = ({ client, entry }: EntryFact): boolean | null =>
  OF_USER.has(entry.scope) ? client.hasUserFolder : client.hasFolder

/** Whether the folder of the client's session reaches the server. */
const hasFolder = (fact: EntryFact): boolean => startsInFolder(fact) === true || fact.entry.cwd !== null

/** Reported only where that is certain: not of Windsurf, whose documentation does not say it. */
const hasNoFolder = (fact: EntryFact): boolean =>
  startsInFolder(fact) === false && fact.client.id !== 'windsurf'

/** Neither `--project` nor `--project-from-cwd`, in a client that knows the folder: its tab stays yellow. */
export function noProject(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter(({ command }) => command !== null && command.project === null && !command.isProjectFromCwd)
    .filter((fact) => hasFolder(fact) && fact.command?.transport === 'stdio' && fact.program !== 'missing')
    .map((fact) =>
      entryDiagnosis(fact, {
        kind: 'no-project',
        severity: 'warning',
        title: `The Serena of ${fact.client.name} starts without a project.`,
        why: 'Its tab stays yellow, and it has no symbols, memories or language servers until the agent activates a project.',
        advice: `Add ${FROM_CWD}: Serena then uses the project of the folder that ${fact.client.name} starts it in.`,
        changes: fixOf(fact, withAppended(fact, [FROM_CWD])),
      }),
    )
}

/** `--project-from-cwd` in a client that does not start its servers in a project folder. */
export function folderUnknown(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter(({ command, entry }) => command?.isProjectFromCwd === true && entry.cwd === null)
    .filter((fact) => fact.entry.project === null && hasNoFolder(fact))
    .map((fact) => {
      const at = fact.argv.lastIndexOf(FROM_CWD)
      return entryDiagnosis(fact, {
        kind: 'folder-unknown',
        severity: 'warning',
        value: FROM_CWD,
        title: `${fact.client.name} does not start Serena in the folder of a project, so ${FROM_CWD} finds none.`,
        why: `${fact.client.name} starts its servers in a folder of its own. Serena then has no project, or uses the wrong one.`,
        advice: `Remove ${FROM_CWD} and ask the agent to activate the project, or name it with --project.`,
        changes: fixOf(fact, without(fact, [at])),
      })
    })
}

/** Placeholders of editors and shells: `${workspaceFolder}`, `$(pwd)`, `$PWD`, `%CD%`, `~/`. */
const PLACEHOLDER = new RegExp(
  [
    /\$\{(?:workspaceFolder|workspaceRoot|fileWorkspaceFolder|userHome|cwd|PWD|project(?:Root|Dir|Path)?)(?::[^}]*)?\}/,
    /\$\{(?:CLAUDE_[A-Z_]+|env:[^}]*|input:[^}]*|config:[^}]*)\}/,
    /\{env:[^}]*\}/,
    /\$\(pwd\)|`pwd`|^\$PWD\b|^\$HOME\b|%(?:CD|USERPROFILE|HOME)%|\$ZED_WORKTREE_ROOT|\$ProjectFileDir\$/,
    /^~(?=[\\/]|$)|<[a-z][\w -]*(?:path|project|folder|directory)[\w -]*>|^\/?(?:absolute\/)?path\/to\//,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
)

/** A placeholder that reaches Serena as it is written. */
export function placeholders(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const found = fact.argv
      .map((word, at) => ({ word, at, text: unexpandedIn(fact, word, at) }))
      .find(({ text }) => text !== null)
    if (!found || found.text === null) return []
    return [placeholder(fact, found.text, found.word, found.at, facts.isElsewhere ? null : facts.home)]
  })
}

/** Words of a shell's script are expanded by the shell. */
function unexpandedIn(fact: EntryFact, word: string, at: number): string | null {
  const { places, isOneString } = fact
  if ((!isOneString && places[at] === null) || /\s(?:&&|;|\|)\s|^cd /.test(word)) return null
  const found = valueIn(word).match(PLACEHOLDER) ?? []
  return found.find((text) => !isExpanded(text, fact)) ?? null
}

const valueIn = (word: string): string => /^--[\w-]+=(.*)$/s.exec(word)?.[1] ?? word

/** A variable of editors is no environment variable, even where those are expanded. */
function isExpanded(text: string, fact: EntryFact): boolean {
  const { expands } = fact.client
  const { scope } = fact.entry
  if (needsProject(text, fact)) return false
  if (EDITOR_NAME.test(text)) return expands.includes(WORKSPACE_VARIABLE)
  if (PLUGIN_NAME.test(text)) return scope === 'plugin' || scope === 'extension'
  return expands.some((pattern) => pattern.test(text))
}

/** The client replaces it, but only in entries of a project. */
const needsProject = (text: string, fact: EntryFact): boolean =>
  FOLDER_NAME.test(text) &&
  fact.client.expands.includes(WORKSPACE_VARIABLE) &&
  OF_USER.has(fact.entry.scope) &&
  fact.client.hasUserFolder === false

const EDITOR_NAME = /^\$\{(?:workspace|fileWorkspace|userHome|project(?:Root|Dir|Path)?\b)/
const FOLDER_NAME = /^\$\{workspace/
const PLUGIN_NAME = /^\$\{CLAUDE_(?:PLUGIN|PROJECT)_/

function placeholder(
  fact: EntryFact,
  text: string,
  word: string,
  at: number,
  home: string | null,
): Diagnosis {
  const project = flagOf(fact, '--project', '--project-file')
  const isProject = project !== null && project.valueAt === at
  const canUseFolder = isProject && hasFolder(fact)
  return entryDiagnosis(fact, {
    kind: 'placeholder',
    severity: 'error',
    value: word,
    title: `${fact.client.name} passes ${text} to Serena unexpanded.`,
    why: `${fact.client.name} does not expand ${text} here: Serena takes it as the name of a ${isProject ? 'project' : 'file or folder'} that does not exist.`,
    advice: canUseFolder ? `Use ${FROM_CWD} instead.` : adviceOn(text, fact),
    changes: canUseFolder ? fixOf(fact, withFromCwd(fact)) : homeFix(fact, word, at, text, home),
  })
}

const adviceOn = (text: string, fact: EntryFact): string =>
  needsProject(text, fact)
    ? `${fact.client.name} expands it only in the configuration of a project: move the entry there, or write the absolute path.`
    : `Write the absolute path instead of ${text}.`

/** `--project X` becomes `--project-from-cwd`. */
function withFromCwd(fact: EntryFact): ReturnType<typeof without> {
  const project = flagOf(fact, '--project', '--project-file')
  if (project === null) return null
  const path = fact.places[project.flagAt]
  if (path === null || path === undefined) return null
  const removed = wordsOf(project).filter((index) => index !== project.flagAt)
  const removal = without(fact, removed)
  return removal === null ? null : [...removal, { kind: 'set', path, value: FROM_CWD }]
}

/** `~` has one meaning only. */
function homeFix(
  fact: EntryFact,
  word: string,
  at: number,
  text: string,
  home: string | null,
): ReturnType<typeof fixOf> {
  const path = fact.places[at]
  if (text !== '~' || home === null || path === null || path === undefined) return []
  return fixOf(fact, [{ kind: 'set', path, value: word.replace(/(^|=)~(?=[\\/]|$)/, `$1${home}`) }])
}

/** `--project` names a folder that does not exist. */
export function missingProject(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter((fact) => fact.folder === 'missing')
    .map((fact) => {
      const project = flagOf(fact, '--project', '--project-file')
      const canUseFolder = project !== null && hasFolder(fact) && fact.entry.cwd === null
      const folder = project?.value ?? fact.entry.cwd ?? ''
      return entryDiagnosis(fact, {
        kind: 'project-missing',
        severity: 'error',
        value: folder,
        title: `The project folder ${folder} does not exist.`,
        why: 'Serena starts without a project, or does not start.',
        advice: canUseFolder ? `Use ${FROM_CWD} instead.` : 'Correct the path, or remove the entry.',
        changes: canUseFolder ? fixOf(fact, withFromCwd(fact)) : [],
      })
    })
}

/** A project's name that no registered project has. */
export function unknownProject({ homes, projects, serenaHome, ...facts }: DoctorFacts): Diagnosis[] {
  const home = homes.find(({ folder }) => folder === serenaHome)
  const registered = home?.keys.get('projects')
  if (!home || home.problem !== null || !Array.isArray(registered) || registered.length === 0) return []
  const names = new Set(projects.flatMap(({ root, keys }) => [keys.get('project_name'), baseOf(root)]))
  for (const path of registered) names.add(baseOf(String(path)))
  return startingEntries({ homes, projects, serenaHome, ...facts }).flatMap((fact) => {
    const found = flagOf(fact, '--project')
    if (!found || !/^[A-Za-z][\w-]*$/.test(found.value) || names.has(found.value)) return []
    if (fact.entry.env['SERENA_HOME'] !== undefined || fact.entry.cwd !== null) return []
    return [
      entryDiagnosis(fact, {
        kind: 'project-unknown',
        severity: 'warning',
        value: found.value,
        title: `No registered project has the name ${found.value}.`,
        why: `Serena looks for the name in ${home.file} and finds no project.`,
        advice: hasFolder(fact) ? `Use ${FROM_CWD} instead.` : 'Use the path of the project folder.',
        changes: hasFolder(fact) ? fixOf(fact, withFromCwd(fact)) : [],
      }),
    ]
  })
}

const baseOf = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? ''
