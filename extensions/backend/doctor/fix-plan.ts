// The fixes of several findings -> one change per file, and what is left to the user. Pure but for the files that it is given to read.
import type { ConfigChange } from '../clients/configs/config-change.ts'
import { valueAt } from '../clients/configs/plain-values.ts'
import { isOutside } from '../os/files/inside-folder.ts'
import type { UserFile } from '../os/files/user-file.ts'
import type { FileFix } from './diagnosis.ts'
import { mergeFixes } from './merge-fixes.ts'
import { attempt, type ConfigTools, type PlannedFile, planFile } from './planned-file.ts'

/** One fix: of a finding, or a step of the setup. */
export interface Fix {
  id: string
  client: string | null
  changes: readonly FileFix[]
}

export interface PlannedFix extends PlannedFile {
  /** The ids of the fixes that it contains. */
  fixes: readonly string[]
  clients: readonly string[]
  /** The folder of the project that it belongs to; null: it is the user's own. */
  project: string | null
  /** What to change by hand, one line each; empty: Serena Deck can write the file. */
  byHand: readonly string[]
}

export interface FixPlan {
  files: readonly PlannedFix[]
  /** Fixes that contradict another one of this plan, for the next run. */
  postponed: readonly string[]
  /** Fixes of files in a project, which are changed only when they are named. */
  unnamed: readonly string[]
}

export interface FixPlanDeps {
  read: (file: string) => UserFile
  tools: ConfigTools
  /** The project folder that the file is in; null: none. */
  projectOf: (file: string) => string | null
  /** Why Serena Deck never writes that file (an administrator's, an IDE's), as a sentence; null: it may. */
  neverWritten: (file: string) => string | null
}

/** `isNamed`: the user has named that fix, so that it may change a file in a project. */
export function planFixes(
  fixes: readonly Fix[],
  isNamed: (id: string) => boolean,
  deps: FixPlanDeps,
): FixPlan {
  const isShared = ({ id, changes }: Fix): boolean =>
    !isNamed(id) && changes.some(({ file }) => deps.projectOf(file) !== null)
  const unnamed = fixes.filter(isShared)
  const meant = fixes.filter((fix) => !isShared(fix))
  const postponed = new Set<string>()
  // A fix is whole or not at all: one that is postponed for one file is taken out of the others as well.
  for (;;) {
    const kept = meant.filter(({ id }) => !postponed.has(id))
    const sizeBefore = postponed.size
    const files = filesOf(kept).map((one) => planOne(one, deps, postponed))
    if (postponed.size === sizeBefore)
      return { files, postponed: [...postponed], unnamed: unnamed.map(({ id }) => id) }
  }
}

interface FileGroup {
  fix: FileFix
  parts: readonly { id: string; client: string | null; changes: readonly ConfigChange[] }[]
}

function filesOf(fixes: readonly Fix[]): FileGroup[] {
  const all = fixes.flatMap(({ id, client, changes }) => changes.map((fix) => ({ id, client, fix })))
  const names = [...new Set(all.map(({ fix }) => fix.file))]
  return names.flatMap((name) => {
    const group = all.filter(({ fix }) => fix.file === name)
    const parts = group.map(({ id, client, fix }) => ({ id, client, changes: fix.changes }))
    return group[0] ? [{ fix: group[0].fix, parts }] : []
  })
}

function planOne(
  { fix: { file, format }, parts }: FileGroup,
  deps: FixPlanDeps,
  postponed: Set<string>,
): PlannedFix {
  const state = deps.read(file)
  const value = state.text === null ? {} : attempt(() => deps.tools.parse(state.text ?? '', format))
  const { changes, isTaken } = mergeFixes(
    parts.map((part) => part.changes),
    (path) => valueAt(value, path),
  )
  for (const [at, part] of parts.entries()) if (isTaken[at] !== true) postponed.add(part.id)
  const taken = parts.filter((_, at) => isTaken[at] === true)
  const planned = planFile({ file, format }, state, changes, deps.tools)
  const project = deps.projectOf(file)
  const problem = deps.neverWritten(file) ?? leavesProject(project, state.target) ?? planned.problem
  return {
    ...planned,
    problem,
    fixes: [...new Set(taken.map(({ id }) => id))],
    clients: [...new Set(taken.flatMap(({ client }) => client ?? []))],
    project,
    byHand: problem === null ? [] : changes.map(inWords),
  }
}

/** A link in a repository can lead to any file of the user. */
const leavesProject = (project: string | null, target: string): string | null =>
  project !== null && isOutside(project, target) ? 'It is a link that leads out of the project.' : null

function inWords(change: ConfigChange): string {
  const path = change.path.map(String).join(' > ')
  if (change.kind === 'remove') return `Remove ${path}.`
  const value = JSON.stringify(change.value)
  return change.kind === 'append' ? `Add to ${path}: ${value}` : `Set ${path} to: ${value}`
}
