// The file of labels, notes and projects that are left alone, by project root. Written under a lock, because a command without a
// backend writes it too. Whatever cannot be read protects: then no project is ended together with others.
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { Notice, Project } from '#contract/instance'
import {
  NO_LABEL,
  type ProjectLabel,
  type ProjectLabelChange,
  projectLabelSchema,
} from '#contract/project-label'
import { PROJECT_LABELS_VERSION } from '#contract/versions'
import { jsonOfFile } from '../lib/json-value.ts'
import { type LockOptions, withFileLock } from '../os/files/file-lock.ts'
import { makePrivate } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'

const MAX_BYTES = 1024 * 1024
/** What is assumed of every project while the file cannot be read. */
const PROTECTED: ProjectLabel = { ...NO_LABEL, isLeftAlone: true }

const fileSchema = z.object({ schema: z.number(), projects: z.record(z.string(), z.unknown()) })
const entrySchema = z.looseObject({ name: z.string() })

interface NamedLabel extends ProjectLabel {
  /** Finds an instance whose project is known by name only. */
  name: string
}

export interface LabelsText {
  byRoot: ReadonlyMap<string, NamedLabel>
  /** The whole content of the file, for writing it back; null: it is not such a file. */
  raw: z.infer<typeof fileSchema> | null
  /** Sentences about what cannot be used. */
  problems: readonly string[]
}

const EMPTY: LabelsText = {
  byRoot: new Map(),
  raw: { schema: PROJECT_LABELS_VERSION, projects: {} },
  problems: [],
}

const unreadable = (problem: string): LabelsText => ({
  byRoot: new Map(),
  raw: null,
  problems: [`${problem} Until it is fixed, all projects are left alone.`],
})

/** Parses the text of the file. Never throws; an entry that cannot be used protects its project. */
export function parseProjectLabels(text: string): LabelsText {
  const value = jsonOfFile(text)
  if (value === undefined) return unreadable('It is not valid JSON.')
  const parsed = z.safeParse(fileSchema, value)
  if (!parsed.success) return unreadable('It is not a file of project labels.')
  const problems: string[] = []
  const byRoot = new Map<string, NamedLabel>()
  for (const [root, entry] of Object.entries(parsed.data.projects)) {
    const { name } = z.safeParse(entrySchema, entry).data ?? { name: '' }
    const label = z.safeParse(projectLabelSchema, entry)
    if (!label.success) problems.push(`The entry of ${root} is invalid: the project is left alone.`)
    byRoot.set(root, { name, ...(label.data ?? PROTECTED) })
  }
  if (parsed.data.schema > PROJECT_LABELS_VERSION)
    problems.push('It was written by a newer version of Serena Deck: it is read, but cannot be changed.')
  return { byRoot, raw: parsed.data, problems }
}

export interface ProjectLabelsDeps {
  file: string
  /** Resolves links of a folder. */
  realFolder: (path: string) => string
  hasExited: LockOptions['hasExited']
}

export interface ProjectLabels {
  /** Returns what is kept for a project; null: nothing. Cheap while the file is unchanged. */
  of(project: Project | null): ProjectLabel | null
  /** Writes the given keys of one project and keeps the others. AppError `not-written`, `folder-unsafe`, `file-locked`. */
  change(project: Project & { path: string }, change: ProjectLabelChange): Promise<ProjectLabel>
  notices(): readonly Notice[]
}

/** Creates the labels of that file, which may be missing. */
export function createProjectLabels({ file, realFolder, hasExited }: ProjectLabelsDeps): ProjectLabels {
  let known: { stamp: string; read: LabelsText } | null = null

  function read(): LabelsText {
    const found = readRegularFile(file, MAX_BYTES)
    if (found.kind === 'missing') return EMPTY
    // Out of descriptors, for example: what was read before still counts.
    if (found.kind === 'refused') return known?.read ?? unreadable(`It cannot be read: ${found.why}.`)
    if (found.isCut) return unreadable('It cannot be read: it is larger than 1 MiB.')
    if (known?.stamp !== found.stamp) known = { stamp: found.stamp, read: parseProjectLabels(found.text) }
    return known.read
  }

  function write(root: string, name: string, change: ProjectLabelChange): ProjectLabel {
    const before = read()
    if (before.raw !== null && before.raw.schema > PROJECT_LABELS_VERSION)
      throw new AppError('not-written', { file, issue: 'a newer version of Serena Deck wrote it' })
    // It protects every project: a new file with one project would lift that silently.
    if (before.raw === null)
      throw new AppError('not-written', { file, issue: 'it cannot be read; correct or remove it first' })
    removeStaleParts(dirname(file))
    const old = before.byRoot.get(root) ?? NO_LABEL
    const label = mergeLabel(old, change)
    const { [root]: _, ...others } = before.raw.projects
    const projects = isEmpty(label) ? others : { ...others, [root]: { name, ...label } }
    writeFileWhole(file, `${JSON.stringify({ schema: PROJECT_LABELS_VERSION, projects }, null, 2)}\n`)
    return label
  }

  return {
    of: (project) => (project === null ? null : find(read(), project, realFolder)),
    async change({ name, path }, change) {
      const folder = dirname(file)
      const issue = makePrivate(folder)
      if (issue !== null) throw new AppError('folder-unsafe', { path: folder, issue })
      return withFileLock(file, { hasExited }, () => write(realFolder(path), name, change))
    },
    notices: () =>
      read().problems.map((problem) => ({
        id: `project-labels:${problem}`,
        level: 'warning',
        text: `Project labels ${file}: ${problem}`,
      })),
  }
}

function find(
  { byRoot, raw }: LabelsText,
  { name, path }: Project,
  realFolder: ProjectLabelsDeps['realFolder'],
): ProjectLabel | null {
  if (raw === null) return PROTECTED
  if (byRoot.size === 0) return null
  const found =
    path === null
      ? [...byRoot.values()].find((one) => one.name === name)
      : (byRoot.get(realFolder(path)) ?? byRoot.get(path))
  if (!found) return null
  const { label, note, isLeftAlone } = found
  return { label, note, isLeftAlone }
}

function mergeLabel({ label, note, isLeftAlone }: ProjectLabel, change: ProjectLabelChange): ProjectLabel {
  return {
    label: change.label === undefined ? label : change.label,
    note: change.note === undefined ? note : change.note,
    isLeftAlone: change.isLeftAlone ?? isLeftAlone,
  }
}

const isEmpty = ({ label, note, isLeftAlone }: ProjectLabel): boolean =>
  label === null && note === null && !isLeftAlone
