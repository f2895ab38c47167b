// Moves clients over to the hub: previews the change to each client's configuration, writes it with a backup, and undoes it.
import { relative } from 'node:path'
import { AppError } from '#contract/errors'
import type { RouteAnswer, RouteBody } from '#contract/routes'
import type { ShareFile } from '#contract/share'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { ClientConfig } from '../clients/configs/known-configs.ts'
import type { ShareableEntry } from '../clients/configs/share-entry.ts'
import { readUserFile } from '../os/files/user-file.ts'
import type { FileChanges } from './fix-apply.ts'
import { attempt, type ConfigTools, type PlannedFile, planFile } from './planned-file.ts'

/** The clients whose configuration can be written. */
const WRITABLE: ReadonlySet<string> = new Set(['Claude Code', 'Codex', 'Cursor', 'VS Code', 'Gemini CLI'])

export interface ShareService {
  /** Returns what would change for the project of that instance. Writes nothing. */
  preview(instanceId: string): Promise<RouteAnswer<'previewShare'>>
  /** Changes one file of the preview. Errors: `not-found`, `changed-meanwhile`, `diff-not-seen`, `bad-input`, `not-written`. */
  share(instanceId: string, request: RouteBody<'shareProject'>): Promise<RouteAnswer<'shareProject'>>
  /** Restores the entries of a file that `share` changed. Errors: `not-found`, `changed-meanwhile`, `not-written`. */
  undo(file: string): Promise<RouteAnswer<'undoShare'>>
}

export interface ShareDeps {
  /** Files of all known clients for a project; null: those of the user alone. */
  configs: (project: string | null) => readonly ClientConfig[]
  /** The project folder of an instance; null: not known. AppError `instance-not-found`. */
  projectOf: (instanceId: string) => string | null
  /** Starts this copy's command line. */
  product: readonly [program: string, ...args: string[]]
  changes: FileChanges
  tools: () => Promise<ConfigTools>
}

/** Creates the service of one deck. */
export function createShareService(deps: ShareDeps): ShareService {
  return {
    async preview(instanceId) {
      return { files: (await planAll(deps, instanceId)).map(({ shown }) => shown) }
    },
    async share(instanceId, { file, etag, hash }) {
      const planned = (await planAll(deps, instanceId)).find(({ shown }) => shown.file === file)
      if (!planned) throw new AppError('not-found')
      const { shown } = planned
      if (shown.etag !== etag) throw changed(file)
      if (shown.hash !== hash) throw new AppError('diff-not-seen')
      const { files } = await deps.changes.apply([planned.planned], 'share')
      return { backup: files[0]?.backup ?? '' }
    },
    async undo(file) {
      const set = deps.changes
        .sets()
        .findLast(({ reason, files }) => reason === 'share' && files.some((one) => one.file === file))
      if (!set) throw new AppError('not-found')
      const { refused } = await deps.changes.undo(({ id }) => id === set.id)
      if (refused.length > 0) throw changed(file)
      return { backup: set.files.find((one) => one.file === file)?.backup ?? '' }
    },
  }
}

const changed = (file: string): AppError => new AppError('changed-meanwhile', { what: file })

async function planAll(deps: ShareDeps, instanceId: string): Promise<Planned[]> {
  const project = deps.projectOf(instanceId)
  const configs = deps.configs(project).filter(({ client }) => WRITABLE.has(client))
  const tools = await deps.tools()
  const { shareableEntries } = await import('../clients/configs/share-entry.ts')
  return configs.flatMap((config) => {
    const entriesIn = (value: unknown): ShareableEntry[] =>
      shareableEntries(value, config, deps.product, project)
    return planOne(config, project, tools, entriesIn) ?? []
  })
}

/** Null: it does not exist, cannot be read as its format, or has nothing to change. */
function planOne(
  config: ClientConfig,
  project: string | null,
  tools: ConfigTools,
  entriesIn: (value: unknown) => ShareableEntry[],
): Planned | null {
  const { file, format, client } = config
  const state = readUserFile(file)
  const { text } = state
  if (text === null) return null
  const entries = attempt(() => entriesIn(tools.parse(text, format))) ?? []
  if (entries.length === 0) return null
  const changes = entries.flatMap(({ path, after }): ConfigChange[] => [
    { kind: 'set', path: [...path, 'command'], value: after.command },
    { kind: 'set', path: [...path, 'args'], value: [...after.args] },
  ])
  const isInProject = project !== null && !relative(project, file).startsWith('..')
  const planned = planFile(config, state, changes, tools)
  const isOutside = isInProject && relative(project, planned.target).startsWith('..')
  const problem = isOutside ? 'It is a link that leads out of the project.' : planned.problem
  const { etag, hash } = planned
  return {
    planned: { ...planned, problem },
    shown: {
      client,
      file,
      isInProject,
      servers: entries.map(({ path }) => path.at(-1) ?? ''),
      diff: [...planned.diff],
      etag,
      hash,
      problem,
    },
  }
}

interface Planned {
  planned: PlannedFile
  shown: ShareFile
}
