// `install` and `uninstall`: adds Serena Deck to the applications of this user's desktop, and removes all of its files.

import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { findBackend } from '../access/backend-client.ts'
import { applySteps, hasService } from '../desktop/apply-steps.ts'
import { installPlan, noAutostartPlan, uninstallPlan } from '../desktop/install-plan.ts'
import { findOwnFiles, removeOwnFiles } from '../desktop/own-files.ts'
import { launchEnvironment, ownLaunch } from '../desktop/own-launch.ts'
import { readIcons } from '../desktop/read-icons.ts'
import { noServicePlan } from '../desktop/service-plan.ts'
import type { ChangeSet } from '../doctor/change-record.ts'
import { loadConfigTools } from '../doctor/config-tools.ts'
import { createFileChanges, type FileChanges } from '../doctor/fix-apply.ts'
import type { Restored } from '../doctor/restore-files.ts'
import { productCommand, productVersion } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { restoredText } from './change-text.ts'
import { endBackend } from './end-backend.ts'
import { parseFlags, switchFlag } from './flags.ts'

const installFlags = z.object({ json: switchFlag })
const uninstallFlags = z.object({ json: switchFlag, yes: switchFlag })

/** Returns whether the program runs from the cache of npx, which can be cleared at any time. */
const isInNpxCache = (program: string): boolean => /[\\/]_npx[\\/]/.test(program)

/** Returns the id of this user; 0 on platforms that have none and need none. */
export const ownUserId = (): number => process.getuid?.() ?? 0

/** Warns about a copy in the cache of npx: the entries that are written would point to it. */
export function warnOfTemporaryCopy({ writeError }: Terminal): void {
  if (productCommand.some(isInNpxCache))
    writeError(
      'This copy runs from the npx cache, which can be cleared at any time. Install it with `npm install -g serena-deck`.\n',
    )
}

/** Runs `install`: writes the entries of this desktop. A second run changes nothing. */
export async function runInstall(flags: unknown, terminal: Terminal): Promise<void> {
  const { json } = parseFlags(installFlags, flags)
  const { env, platform, cwd } = terminal
  warnOfTemporaryCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'open')
  const icons = await readIcons()
  const { changed: written } = await applySteps(
    installPlan({ platform, env, launch, version: productVersion, icons }),
    env,
  )
  if (json) terminal.write(`${JSON.stringify({ schema: COMMAND_VERSION, written })}\n`)
  else {
    for (const path of written) terminal.write(`Written: ${path}\n`)
    terminal.write(
      'Serena Deck was added to your applications. To start it at login, run `serena-deck autostart on`.\n',
    )
    if (platform === 'win32' && Object.keys(launch.env).length > 0)
      terminal.write(
        `Windows starts it with the environment variables of your user account. Set ${Object.keys(launch.env).join(', ')} there.\n`,
      )
  }
}

/** Runs `uninstall`; resolves to 3 if there was nothing to remove. */
export async function runUninstall(flags: unknown, terminal: Terminal): Promise<number> {
  const { json, yes } = parseFlags(uninstallFlags, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  const folder = stateFolder(place.env, place.platform)
  const running = await findBackend(folder)
  const { go } = await findOwnFiles(place)
  const steps = [
    // First: it would start the backend again.
    ...((await hasService(place)) ? noServicePlan(place, ownUserId()) : []),
    ...uninstallPlan(place),
    ...noAutostartPlan(place),
  ]
  if (!yes) {
    if (!terminal.canAsk) throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes.' })
    const what = [
      ...(running ? [`End the running Serena Deck (process ${running.pid}).`] : []),
      'Remove Serena Deck from your applications, services and programs that start at login.',
      ...addedTo(terminal).map((file) => `Remove what Serena Deck has added to ${file}`),
      ...go.map((path) => `Remove ${path}`),
    ]
    if (!(await terminal.ask(`${what.join('\n')}\nRunning Serena instances are not affected. Continue?`)))
      return 1
  }
  if (running) {
    await endBackend(running, place.platform)
  }
  const { restored, refused } = await restoreConfigs(terminal)
  const removed = [...(await applySteps(steps, place.env)).changed, ...(await removeOwnFiles(place))]
  const { stay } = await findOwnFiles(place)
  if (json)
    terminal.write(`${JSON.stringify({ schema: COMMAND_VERSION, removed, kept: stay, restored, refused })}\n`)
  else {
    for (const path of removed) terminal.write(`Removed: ${path}\n`)
    for (const path of stay) terminal.write(`Kept: ${path}\n`)
    if (restored.length + refused.length > 0) terminal.write(restoredText({ restored, refused }))
    if (removed.length === 0) terminal.write('Nothing to remove.\n')
  }
  return removed.length > 0 || running ? 0 : 3
}

const changesOf = ({ env, platform }: Terminal): FileChanges =>
  createFileChanges({ stateFolder: stateFolder(env, platform), tools: loadConfigTools })

/** Without Serena Deck these entries would start nothing. What the doctor has fixed stays. */
const isAdded = ({ reason }: ChangeSet): boolean => reason !== 'doctor'

const addedTo = (terminal: Terminal): string[] => [
  ...new Set(
    changesOf(terminal)
      .sets()
      .filter(isAdded)
      .flatMap(({ files }) => files.map(({ file }) => file)),
  ),
]

async function restoreConfigs(terminal: Terminal): Promise<Restored> {
  if (addedTo(terminal).length === 0) return { restored: [], refused: [] }
  return changesOf(terminal).undo(isAdded)
}
