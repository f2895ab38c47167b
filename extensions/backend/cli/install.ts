// `install` and `uninstall`: Serena Deck among the programs of this user's desktop, and every trace of it away again.
import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { SCHEMA_VERSION } from '#contract/instance'
import { findBackend } from '../backend-client.ts'
import { applySteps, hasService } from '../os/launch/apply-steps.ts'
import { installPlan, noAutostartPlan, uninstallPlan } from '../os/launch/install-plan.ts'
import { findLeftovers, removeLeftovers } from '../os/launch/leftovers.ts'
import { launchEnvironment, ownLaunch } from '../os/launch/own-launch.ts'
import { noServicePlan } from '../os/launch/service-plan.ts'
import { stateFolder } from '../os/paths.ts'
import { endBackend } from './end-backend.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { iconFiles, productCommand, productVersion } from './product.ts'
import type { Terminal } from './terminal.ts'

const installFlags = z.object({ json: switchFlag })
const uninstallFlags = z.object({ json: switchFlag, yes: switchFlag })

/** npx keeps its copies only for a while. */
const isPassing = (program: string): boolean => /[\\/]_npx[\\/]/.test(program)

/** The number of this user; 0 where the platform has none and none is needed. */
export const ownUserId = (): number => process.getuid?.() ?? 0

/** Warns of a copy that will not stay where it is. */
export function warnOfPassingCopy({ writeError }: Terminal): void {
  if (productCommand.some(isPassing))
    writeError(
      'This copy lies in the cache of npx and may vanish: install it with `npm install -g serena-deck`.\n',
    )
}

/** `install`: writes the entries of this desktop; twice is once. */
export async function runInstall(flags: unknown, terminal: Terminal): Promise<void> {
  const { json } = parseFlags(installFlags, flags)
  const { env, platform, cwd } = terminal
  warnOfPassingCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'open')
  const [png256, png512, svg] = await Promise.all([
    readFile(iconFiles.png256),
    readFile(iconFiles.png512),
    readFile(iconFiles.svg),
  ])
  const icons = { png256, png512, svg }
  const { changed: written } = await applySteps(
    installPlan({ platform, env, launch, version: productVersion, icons }),
    env,
  )
  if (json) terminal.write(`${JSON.stringify({ schema: SCHEMA_VERSION, written })}\n`)
  else {
    for (const path of written) terminal.write(`Written: ${path}\n`)
    terminal.write('Serena Deck is among your programs now. At login too: `serena-deck autostart on`.\n')
    if (platform === 'win32' && Object.keys(launch.env).length > 0)
      terminal.write(
        `Windows starts it with the variables of your user account: set ${Object.keys(launch.env).join(', ')} there.\n`,
      )
  }
}

/** Resolves to 3 when there was nothing of it. */
export async function runUninstall(flags: unknown, terminal: Terminal): Promise<number> {
  const { json, yes } = parseFlags(uninstallFlags, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  const folder = stateFolder(place.env, place.platform)
  const running = await findBackend(folder)
  const { go } = await findLeftovers(place)
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
      'Remove Serena Deck from your programs, your services and the start at login.',
      ...go.map((path) => `Remove ${path}`),
    ]
    if (!(await terminal.ask(`${what.join('\n')}\nNo Serena is touched. Go on?`))) return 1
  }
  if (running) {
    await endBackend(running, place.platform)
  }
  const removed = [...(await applySteps(steps, place.env)).changed, ...(await removeLeftovers(place))]
  const { stay } = await findLeftovers(place)
  if (json) terminal.write(`${JSON.stringify({ schema: SCHEMA_VERSION, removed, kept: stay })}\n`)
  else {
    for (const path of removed) terminal.write(`Removed: ${path}\n`)
    for (const path of stay) terminal.write(`Kept, it is yours: ${path}\n`)
    if (removed.length === 0) terminal.write('There was nothing to remove.\n')
  }
  return removed.length > 0 || running ? 0 : 3
}
