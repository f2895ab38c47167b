// The plan and the result of `setup`, for the terminal and as JSON. Pure.
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import type { DesktopPart } from '../setup/desktop-parts.ts'
import { type Proof, provenClient } from '../setup/prove-client.ts'
import type { SetupPlan } from '../setup/read-setup.ts'
import type { ClientPlan } from '../setup/setup-plan.ts'
import { diffText } from './change-text.ts'
import { alignColumns } from './columns.ts'

const HOW: Readonly<Record<ClientPlan['mode'], string>> = {
  shared: 'shared through the hub',
  supervised: 'supervised',
  'as-is': 'without Serena Deck',
}

const PARTS: Readonly<Record<DesktopPart, string>> = {
  applications: 'applications',
  autostart: 'programs that start at login',
  service: 'services',
}

/** Returns where Serena Deck is added: `applications and programs that start at login`. */
export const partsText = (parts: readonly DesktopPart[]): string =>
  parts.map((part) => PARTS[part]).join(' and ')

/** Returns the plan with the diff of every file. */
export function setupText(plan: SetupPlan, parts: readonly DesktopPart[], hasColours: boolean): string {
  const { serena, clients, files } = plan
  const head = serena
    ? `Serena ${serena.version}: ${visibleLine(serena.program)}`
    : 'Serena is not installed. Install it with `uv tool install -p 3.13 serena-agent`.'
  const rows = clients.map((one) => [one.name, ...described(one)])
  const problems = files.flatMap(({ file, problem, byHand }) =>
    problem === null
      ? []
      : [
          `Change by hand: ${visibleLine(file)}. ${problem}`,
          ...byHand.map((line) => `  ${visibleLine(line)}`),
        ],
  )
  const diffs = files.filter(({ problem }) => problem === null).map((one) => diffText(one, hasColours))
  const lines = [
    head,
    '',
    ...(rows.length > 0 ? alignColumns(rows) : ['No MCP client was found.']),
    ...(parts.length > 0 ? ['', `Serena Deck is added to your ${partsText(parts)}.`] : []),
    ...(problems.length > 0 ? ['', ...problems] : []),
  ]
  return `${lines.join('\n')}\n\n${diffs.join('')}`
}

function described({ action, mode, context, note, file }: ClientPlan): string[] {
  if (action === 'none') return [note ?? 'nothing to do', '']
  if (action === 'keep') return [`${HOW[mode]}, context ${context}`, 'nothing to change']
  return [`${HOW[mode]}, context ${context}`, visibleLine(file)]
}

/** Returns the plan as one JSON document. */
export const setupDocument = (
  { serena, clients, files, project }: SetupPlan,
  desktop: readonly DesktopPart[],
): string =>
  `${JSON.stringify(
    {
      schema: COMMAND_VERSION,
      plan: {
        serena: serena && { program: serena.program, version: serena.version },
        project,
        clients: clients.map(({ fix: _, ...one }) => one),
        files: files.map(({ file, clients: ids, before, diff, etag, hash, problem, byHand }) => ({
          file,
          clients: ids,
          isNew: before === null,
          diff,
          etag,
          hash,
          problem,
          byHand,
        })),
        desktop,
      },
    },
    null,
    2,
  )}\n`

/** Returns what was written. */
export function appliedText(
  files: readonly { file: string; backup: string | null }[],
  desktop: readonly string[],
): string {
  const lines = [
    ...files.map(({ file, backup }) =>
      backup === null
        ? `Written: ${visibleLine(file)}`
        : `Changed: ${visibleLine(file)} (backup: ${visibleLine(backup)})`,
    ),
    ...desktop.map((path) => `Written: ${visibleLine(path)}`),
  ]
  if (lines.length > 0) lines.push('Run `serena-deck setup --undo` to undo these changes.')
  return lines.length === 0 ? 'Nothing to change.\n' : `${lines.join('\n')}\n`
}

/** Returns whether a client's command works. */
export function proofText({ clients, project }: SetupPlan, proof: Proof | null): string {
  const name = provenClient(clients)?.name
  if (proof === null)
    return project === null && name !== undefined
      ? 'To test it, run `serena-deck setup` in the folder of a project.\n'
      : ''
  const where = visibleLine(project ?? '')
  if (proof.failure !== null)
    return `✕ The command of ${name ?? 'the client'} in ${where}: ${proof.failure} Run \`serena-deck doctor --probe\`.\n`
  const seconds = ((proof.readyMs ?? 0) / 1000).toFixed(1)
  const { instance } = proof
  const title = instance
    ? `${visibleLine(instance.title)}, ${instance.state}`
    : 'NO PROJECT until the agent activates one'
  return `● ${title}: the command of ${name ?? 'the client'} answered after ${seconds} s with ${proof.tools ?? 0} tools.\nRestart the clients that are running: they use their old configuration until then.\n`
}
