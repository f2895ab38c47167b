// `doctor --fix` and `doctor --undo`: shows what would change in each file, asks, and writes it.
import { AppError } from '#contract/errors'
import type { ClientRestart } from '#contract/health'
import { countOf } from '#contract/units'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { configClientOf } from '../clients/configs/config-clients.ts'
import { loadConfigTools } from '../doctor/config-tools.ts'
import type { Doctor, Examination, ReportOptions } from '../doctor/doctor.ts'
import { createFileChanges, type FileChanges } from '../doctor/fix-apply.ts'
import type { FixPlan, PlannedFix } from '../doctor/fix-plan.ts'
import { planFor } from '../doctor/plan-for.ts'
import type { Restored } from '../doctor/restore-files.ts'
import { runningClients } from '../doctor/running-clients.ts'
import { stateFolder } from '../os/paths.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { diffText, restoredText } from './change-text.ts'

export interface FixRequest {
  /** Ids of findings; none: all that can be fixed, without the files of projects. */
  ids: readonly string[]
  isSure: boolean
  isJson: boolean
}

const DONE = 0
const FAILED = 1
const NOTHING_TO_DO = 3
/** Fixes that contradict each other follow one after the other. */
const MAX_ROUNDS = 10

/** Everything that one run has changed. */
interface Outcome {
  files: { file: string; backup: string | null }[]
  clients: Set<string>
  /** Files that the user must change. */
  byHand: PlannedFix[]
  /** Findings whose files are in a project. */
  unnamed: readonly string[]
}

/** Runs `doctor --fix`; resolves to the exit code. AppError `wrong-use` without a terminal and without --yes; those of a change of files. */
export async function runDoctorFix(
  request: FixRequest,
  doctor: Doctor,
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  if (!request.isSure && !terminal.canAsk)
    throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes.' })
  const changes = changesOf(terminal)
  reportInterrupted(await changes.recover(), terminal)
  const outcome: Outcome = { files: [], clients: new Set(), byHand: [], unnamed: [] }
  let examination = await doctor.report(options)
  const unknown = request.ids.filter((id) => !examination.diagnoses.some((one) => one.id === id))
  if (unknown.length > 0) {
    terminal.writeError(
      `No such finding: ${unknown.map(visibleLine).join(', ')}. Run \`serena-deck doctor\`.\n`,
    )
    return NOTHING_TO_DO
  }
  let ids = request.ids.length > 0 ? request.ids : null
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const plan = planFor(examination, ids, await loadConfigTools())
    if (round === 0) noteRest(plan, outcome)
    const answer = await writeRound(plan, request, changes, outcome, terminal)
    if (answer === 'refused') return FAILED
    if (answer === 'nothing' || plan.postponed.length === 0) break
    ids = plan.postponed
    examination = await doctor.report(options)
  }
  const restarts = await restartsOf(outcome, terminal)
  terminal.write(request.isJson ? documentOf(outcome, restarts) : textOf(outcome, restarts, examination))
  return outcome.files.length > 0 ? DONE : NOTHING_TO_DO
}

function noteRest(plan: FixPlan, outcome: Outcome): void {
  outcome.byHand = plan.files.filter(({ problem }) => problem !== null)
  outcome.unnamed = plan.unnamed
}

async function writeRound(
  plan: FixPlan,
  { isSure, isJson }: FixRequest,
  changes: FileChanges,
  outcome: Outcome,
  terminal: Terminal,
): Promise<'written' | 'nothing' | 'refused'> {
  const files = plan.files.filter(({ problem, diff }) => problem === null && diff.length > 0)
  if (files.length === 0) return 'nothing'
  if (!isJson) for (const one of files) terminal.write(diffText(one, terminal.hasColours))
  if (!isSure && !(await terminal.ask(`Change ${countOf(files.length, 'file')}?`))) {
    terminal.writeError('Nothing was changed.\n')
    return 'refused'
  }
  const applied = await changes.apply(files, 'doctor')
  outcome.files.push(...applied.files)
  for (const { clients } of files) for (const id of clients) outcome.clients.add(id)
  return 'written'
}

async function restartsOf({ clients }: Outcome, { platform }: Terminal): Promise<ClientRestart[]> {
  if (clients.size === 0) return []
  const known = [...clients].flatMap((id) => configClientOf(id) ?? [])
  const table = await createProcessSource(platform).list()
  return runningClients(known, table, process.getuid?.() ?? null)
}

const documentOf = ({ files, byHand, unnamed }: Outcome, restarts: readonly ClientRestart[]): string =>
  `${JSON.stringify(
    {
      schema: COMMAND_VERSION,
      fix: {
        files,
        byHand: byHand.map(({ file, problem, byHand: lines }) => ({ file, why: problem, lines })),
        unnamed,
        restarts,
      },
    },
    null,
    2,
  )}\n`

function textOf(
  { files, byHand, unnamed }: Outcome,
  restarts: readonly ClientRestart[],
  { diagnoses }: Examination,
): string {
  const lines = files.flatMap(({ file, backup }) => [
    `Changed: ${visibleLine(file)}`,
    ...(backup === null ? [] : [`Backup:  ${visibleLine(backup)}`]),
  ])
  if (files.length > 0) lines.push('Run `serena-deck doctor --undo` to restore the old files.')
  for (const { file, problem, byHand: changes } of byHand)
    lines.push(
      '',
      `Change by hand: ${visibleLine(file)}. ${problem ?? ''}`,
      ...changes.map((line) => `  ${visibleLine(line)}`),
    )
  if (unnamed.length > 0)
    lines.push('', 'In project files, which other people may use too. To change one, pass its id:')
  for (const id of unnamed) {
    const title = diagnoses.find((one) => one.id === id)?.title ?? ''
    lines.push(`  serena-deck doctor --fix ${visibleLine(id)}   ${visibleLine(title)}`)
  }
  for (const { client, pids } of restarts)
    lines.push(`Restart ${client} (process ${pids.join(', ')}): it uses the old configuration until then.`)
  return lines.length === 0 ? 'Nothing to fix.\n' : `${lines.join('\n')}\n`
}

/** Runs `doctor --undo`; resolves to 3 if there is nothing to undo, to 1 if a file could not be restored. */
export async function runDoctorUndo(isJson: boolean, terminal: Terminal): Promise<number> {
  const changes = changesOf(terminal)
  const restored = await undoLatest(changes)
  if (isJson) terminal.write(`${JSON.stringify({ schema: COMMAND_VERSION, undo: restored }, null, 2)}\n`)
  else terminal.write(restoredText(restored))
  if (restored.refused.length > 0) return FAILED
  return restored.restored.length > 0 ? DONE : NOTHING_TO_DO
}

/** A change that was interrupted is the latest one, and is undone alone. */
async function undoLatest(changes: FileChanges): Promise<Restored> {
  const interrupted = await changes.recover()
  if (interrupted.restored.length + interrupted.refused.length > 0) return interrupted
  const last = changes.sets().findLast(({ reason }) => reason === 'doctor')
  return changes.undo(({ id }) => id === last?.id)
}

const changesOf = ({ env, platform }: Terminal): FileChanges =>
  createFileChanges({ stateFolder: stateFolder(env, platform), tools: loadConfigTools })

function reportInterrupted({ restored, refused }: Restored, { writeError }: Terminal): void {
  if (restored.length + refused.length === 0) return
  writeError(`An earlier change was interrupted and has been undone.\n${restoredText({ restored, refused })}`)
}
