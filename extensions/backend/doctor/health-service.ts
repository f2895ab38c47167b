// The doctor for the page: its report, kept for some minutes, and the fixes with the diff that the user has seen.

import { AppError } from '#contract/errors'
import type { ClientRestart, FixFile, HealthCount } from '#contract/health'
import type { RouteAnswer, RouteBody } from '#contract/routes'
import { configClientOf } from '../clients/configs/config-clients.ts'
import type { Doctor } from './doctor.ts'
import type { FileChanges } from './fix-apply.ts'
import type { PlannedFix } from './fix-plan.ts'
import { createReportMemory, type KeptReport } from './kept-report.ts'
import { planFor } from './plan-for.ts'
import type { ConfigTools } from './planned-file.ts'

export interface HealthService {
  count(): Promise<HealthCount>
  /** `isFresh`: reads all files again. */
  health(isFresh: boolean): Promise<RouteAnswer<'health'>>
  /** Writes nothing. */
  preview(ids: readonly string[]): Promise<RouteAnswer<'previewFix'>>
  /** Errors: `not-found`, `changed-meanwhile`, `diff-not-seen`, and those of a change of files. */
  fix(request: RouteBody<'applyFix'>): Promise<RouteAnswer<'applyFix'>>
  /** Restores the files of the latest fix. AppError `not-found`: there is none. */
  undo(): Promise<RouteAnswer<'undoFix'>>
  ignore(request: RouteBody<'ignoreFinding'>): Promise<void>
}

export interface HealthDeps {
  doctor: Doctor
  changes: FileChanges
  tools: () => Promise<ConfigTools>
  /** Those of these clients that run and must be restarted. */
  restarts: (clientIds: readonly string[]) => Promise<ClientRestart[]>
  nowMs: () => number
}

/** Creates the service of one deck. */
export function createHealthService({ doctor, changes, tools, restarts, nowMs }: HealthDeps): HealthService {
  const reports = createReportMemory(() => doctor.report(), nowMs)
  const planned = async (ids: readonly string[]): Promise<ReturnType<typeof planFor>> =>
    planFor(await reports.examine(), ids, await tools())

  return {
    async count() {
      const { report } = await reports.get(false)
      return countOf(report.findings)
    },
    async health(isFresh) {
      return healthOf(await reports.get(isFresh), changes)
    },
    async preview(ids) {
      const { files, postponed } = await planned(ids)
      const writable = files.filter(({ problem }) => problem === null)
      return {
        files: files.map(shownFile),
        restarts: await restarts([...new Set(writable.flatMap(({ clients }) => clients))]),
        postponed: [...postponed],
      }
    },
    async fix({ ids, files }) {
      const plan = await planned(ids)
      const chosen = files.map((seen) => fixAsSeen(plan.files, seen))
      const { files: written } = await changes.apply(chosen, 'doctor')
      reports.forget()
      return { files: [...written] }
    },
    async undo() {
      const last = changes.sets().findLast(({ reason }) => reason === 'doctor')
      if (!last) throw new AppError('not-found')
      reports.forget()
      return changes.undo(({ id }) => id === last.id)
    },
    ignore({ id, reason }) {
      if (reason === null) doctor.unignore(id)
      else doctor.ignore(id, reason)
      reports.forget()
      return Promise.resolve()
    },
  }
}

/** Returns the fix of a file, if it and the file are as the user has seen them. */
function fixAsSeen(
  planned: readonly PlannedFix[],
  { file, etag, hash }: RouteBody<'applyFix'>['files'][number],
): PlannedFix {
  const one = planned.find((known) => known.file === file)
  if (!one) throw new AppError('not-found')
  if (one.etag !== etag) throw new AppError('changed-meanwhile', { what: file })
  if (one.hash !== hash) throw new AppError('diff-not-seen')
  return one
}

function countOf(findings: KeptReport['report']['findings']): HealthCount {
  const of = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length
  return { errors: of('error'), warnings: of('warning'), infos: of('info') }
}

function healthOf({ report, ignored, files, atMs }: KeptReport, changes: FileChanges): RouteAnswer<'health'> {
  const last = changes.sets().findLast(({ reason }) => reason === 'doctor')
  return {
    readAt: new Date(atMs).toISOString(),
    report,
    ignored: [...ignored],
    files: [...files],
    undo: last
      ? { id: last.id, at: new Date(last.atMs).toISOString(), files: last.files.map(({ file }) => file) }
      : null,
  }
}

const shownFile = ({
  file,
  clients,
  fixes,
  project,
  diff,
  etag,
  hash,
  problem,
  byHand,
}: PlannedFix): FixFile => ({
  file,
  clients: clients.map((id) => configClientOf(id)?.name ?? id),
  findings: [...fixes],
  isInProject: project !== null,
  diff: [...diff],
  etag,
  hash,
  problem,
  byHand: [...byHand],
})
