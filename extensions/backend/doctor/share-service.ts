// Moves clients over to the hub: previews the change to each client's configuration, writes it with a backup, and undoes it.
import { relative } from 'node:path'
import { AppError } from '#contract/errors'
import type { RouteAnswer, RouteBody } from '#contract/routes'
import type { ShareFile } from '#contract/share'
import { commandChange } from '../clients/configs/command-change.ts'
import { valueAt } from '../clients/configs/plain-values.ts'
import type { ConfigFile, ReadConfigs } from '../clients/configs/read-configs.ts'
import type { ShareableEntry } from '../clients/configs/share-entry.ts'
import { isOutside } from '../os/files/inside-folder.ts'
import { readUserFile } from '../os/files/user-file.ts'
import type { FileChanges } from './fix-apply.ts'
import { attempt, type ConfigTools, type PlannedFile, planFile } from './planned-file.ts'

export interface ShareService {
  /** Returns what would change for the project of that instance. Writes nothing. */
  preview(instanceId: string): Promise<RouteAnswer<'previewShare'>>
  /** Changes one file of the preview. Errors: `not-found`, `changed-meanwhile`, `diff-not-seen`, `bad-input`, `not-written`. */
  share(instanceId: string, request: RouteBody<'shareProject'>): Promise<RouteAnswer<'shareProject'>>
  /** Restores the entries of a file that `share` changed. Errors: `not-found`, `changed-meanwhile`, `not-written`. */
  undo(file: string): Promise<RouteAnswer<'undoShare'>>
}

export interface ShareDeps {
  /** Reads the files of all clients for a project; null: those of the user alone. */
  configs: (project: string | null) => Promise<ReadConfigs>
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
  const [{ entries, files }, tools, { shareableEntries }, { configClientOf }] = await Promise.all([
    deps.configs(project),
    deps.tools(),
    import('../clients/configs/share-entry.ts'),
    import('../clients/configs/config-clients.ts'),
  ])
  const found = shareableEntries(entries, deps.product, project)
  const byOwner = [true, false].flatMap((isOwn) => files.filter((file) => (file.project === null) === isOwn))
  return byOwner.flatMap((file) => {
    const ofFile = found.filter(({ entry }) => entry.file === file.file)
    const id = file.clients[0] ?? ''
    const input = { file, client: configClientOf(id)?.name ?? id, entries: ofFile, project, tools }
    return ofFile.length > 0 ? (planOne(input) ?? []) : []
  })
}

interface PlanInput {
  file: ConfigFile
  /** The name of the client that it belongs to. */
  client: string
  entries: readonly ShareableEntry[]
  project: string | null
  tools: ConfigTools
}

/** Null: it has disappeared. */
function planOne({
  file: { file, format, shownOnly },
  client,
  entries,
  project,
  tools,
}: PlanInput): Planned | null {
  const state = readUserFile(file)
  const { text } = state
  if (text === null) return null
  const value = attempt(() => tools.parse(text, format))
  const changes = entries.flatMap(
    ({ entry, words }) => commandChange(entry, valueAt(value, entry.path), words) ?? [],
  )
  const isInProject = project !== null && !relative(project, file).startsWith('..')
  const planned = planFile({ file, format }, state, changes, tools)
  const isLeading = isInProject && isOutside(project, planned.target)
  const problem = isLeading ? 'It is a link that leads out of the project.' : (shownOnly ?? planned.problem)
  const { etag, hash } = planned
  return {
    planned: { ...planned, problem },
    shown: {
      client,
      file,
      isInProject,
      servers: entries.map(({ entry }) => entry.name),
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
