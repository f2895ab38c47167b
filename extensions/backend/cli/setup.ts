// `setup`: one Serena per project for all clients of this user.
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { countOf } from '#contract/units'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { withSource } from '../access/with-source.ts'
import { loadConfigTools } from '../doctor/config-tools.ts'
import { createFileChanges, type FileChanges } from '../doctor/fix-apply.ts'
import { productCommand } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import {
  addParts,
  type DesktopInput,
  type DesktopPart,
  missingParts,
  removeParts,
} from '../setup/desktop-parts.ts'
import { type Proof, proveClient, provenClient } from '../setup/prove-client.ts'
import { clientWords, planSetup, type SetupPlan } from '../setup/read-setup.ts'
import { SETUP_MODES } from '../setup/setup-words.ts'
import { restoredText } from './change-text.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { ownUserId, warnOfTemporaryCopy } from './install.ts'
import { appliedText, partsText, proofText, setupDocument, setupText } from './setup-text.ts'

const folderFlag = z.optional(z.string().check(z.minLength(1)))
const flagsSchema = z.object({
  client: z.optional(z.array(z.string())),
  // The parser gives each use of `--mode`: another command takes several.
  mode: z.optional(
    z
      .array(z.enum(SETUP_MODES, '--mode takes shared, supervised or as-is'))
      .check(z.maxLength(1, '--mode can be given only once')),
  ),
  home: folderFlag,
  project: folderFlag,
  // The parser of the command line names it without its `no-`.
  desktop: z._default(z.boolean(), true),
  undo: switchFlag,
  yes: switchFlag,
  json: switchFlag,
})
type Flags = z.output<typeof flagsSchema>

const DONE = 0
const FAILED = 1
const NOTHING_TO_DO = 3

/** Runs `setup`; resolves to the exit code. AppError `wrong-use` without a terminal and without --yes, --json or --undo. */
export async function runSetup(flags: unknown, terminal: Terminal): Promise<number> {
  const asked = parseFlags(flagsSchema, flags)
  const { env, platform } = terminal
  const changes = createFileChanges({ stateFolder: stateFolder(env, platform), tools: loadConfigTools })
  if (asked.undo) return undoSetup(asked, changes, terminal)
  // A plan as JSON writes nothing: it needs no answer.
  const isPlanOnly = asked.json && !asked.yes
  if (!isPlanOnly && !asked.yes && !terminal.canAsk)
    throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes, or --json for the plan.' })
  const plan = await planFor(asked, terminal)
  const parts = asked.desktop && asked.home === undefined ? await missingParts(terminal) : []
  if (isPlanOnly) {
    terminal.write(setupDocument(plan, parts))
    return DONE
  }
  if (!asked.json) terminal.write(setupText(plan, parts, terminal.hasColours))
  const isEmpty = plan.files.length === 0 && parts.length === 0
  if (isEmpty && plan.clients.every(({ action }) => action === 'none')) return NOTHING_TO_DO
  if (!isEmpty && !asked.yes && !(await terminal.ask(question(plan, parts)))) {
    terminal.writeError('Nothing was changed.\n')
    return FAILED
  }
  return carryOut(plan, parts, asked, changes, terminal)
}

async function carryOut(
  plan: SetupPlan,
  parts: readonly DesktopPart[],
  { json }: Flags,
  changes: FileChanges,
  terminal: Terminal,
): Promise<number> {
  const { env, platform, write } = terminal
  if (parts.length > 0) warnOfTemporaryCopy(terminal)
  const writable = plan.files.filter(({ problem, diff }) => problem === null && diff.length > 0)
  const { files } = writable.length > 0 ? await changes.apply(writable, 'setup') : { files: [] }
  const desktop = await addParts(parts, desktopInput(terminal), stateFolder(env, platform))
  if (!json) write(appliedText(files, desktop))
  const proof = await prove(plan, terminal)
  if (json) {
    const done = { files, desktop, proof }
    write(`${JSON.stringify({ schema: COMMAND_VERSION, setup: done }, null, 2)}\n`)
  } else write(proofText(plan, proof))
  return proof === null || proof.failure === null ? DONE : FAILED
}

/** Null: there is no project, or no client to try it with. */
async function prove({ clients, project }: SetupPlan, terminal: Terminal): Promise<Proof | null> {
  const command = provenClient(clients)?.command
  if (project === null || !command) return null
  if (terminal.isInteractive) terminal.writeError('Starting Serena …\n')
  return withSource(terminal, (source) =>
    proveClient({ command, project, env: terminal.env, list: source.list }),
  )
}

function planFor(
  { client, mode, home, project }: Flags,
  { env, platform, cwd }: Terminal,
): Promise<SetupPlan> {
  const folder = (word: string | undefined): string | null => (word === undefined ? null : resolve(cwd, word))
  const place = { env, platform, home: folder(home) }
  checkClients(client ?? [], place)
  return loadConfigTools().then((tools) =>
    planSetup(
      { ...place, cwd, clients: client ?? null, mode: mode?.[0] ?? 'shared', project: folder(project) },
      productCommand,
      tools,
    ),
  )
}

function checkClients(words: readonly string[], place: Parameters<typeof clientWords>[0]): void {
  const known = clientWords(place)
  const unknown = words.find((word) => !known.some((one) => one.words.includes(word)))
  if (unknown === undefined) return
  const ids = known.map(({ id }) => id).join(', ')
  throw new AppError('wrong-use', { issue: `Unknown client '${visibleLine(unknown)}': use ${ids}.` })
}

function question({ files }: SetupPlan, parts: readonly DesktopPart[]): string {
  const count = files.filter(({ problem }) => problem === null).length
  const what = [
    ...(count > 0 ? [`Change ${countOf(count, 'file')}`] : []),
    ...(parts.length > 0 ? [`${count > 0 ? 'add' : 'Add'} Serena Deck to your ${partsText(parts)}`] : []),
  ]
  return `${what.join(' and ')}?`
}

const desktopInput = ({ env, platform, cwd }: Terminal): DesktopInput => ({
  env,
  platform,
  cwd,
  userId: ownUserId(),
})

async function undoSetup({ yes, json }: Flags, changes: FileChanges, terminal: Terminal): Promise<number> {
  const { env, platform } = terminal
  if (!yes) {
    if (!terminal.canAsk) throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes.' })
    if (!(await terminal.ask('Remove what setup has added to your clients and your desktop?'))) return FAILED
  }
  const restored = await changes.undo(({ reason }) => reason === 'setup')
  const desktop = await removeParts(desktopInput(terminal), stateFolder(env, platform))
  if (json)
    terminal.write(
      `${JSON.stringify({ schema: COMMAND_VERSION, undo: { ...restored, desktop } }, null, 2)}\n`,
    )
  else {
    for (const path of desktop) terminal.write(`Removed: ${visibleLine(path)}\n`)
    if (desktop.length === 0 || restored.restored.length + restored.refused.length > 0)
      terminal.write(restoredText(restored))
  }
  if (restored.refused.length > 0) return FAILED
  return restored.restored.length + desktop.length > 0 ? DONE : NOTHING_TO_DO
}
