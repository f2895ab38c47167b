// `autostart`: Serena Deck at each login of this user, hidden.
import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { SCHEMA_VERSION } from '#contract/instance'
import { applySteps, readAutostart } from '../os/launch/apply-steps.ts'
import { windowsCommandLine } from '../os/launch/entry-texts.ts'
import { autostartPlan, noAutostartPlan } from '../os/launch/install-plan.ts'
import { launchEnvironment, ownLaunch } from '../os/launch/own-launch.ts'
import { unknownAction } from './command-words.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { warnOfPassingCopy } from './install.ts'
import { productCommand } from './product.ts'
import type { Terminal } from './terminal.ts'

const flagsSchema = z.object({ json: switchFlag })
/** Longer values of the Run key are not started (Microsoft, "Run and RunOnce Registry Keys"). */
const MAX_RUN_CHARACTERS = 260

async function switchOn(terminal: Terminal): Promise<void> {
  const { env, platform, cwd } = terminal
  warnOfPassingCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'open', '--hidden')
  const { length } = windowsCommandLine(launch.command)
  if (platform === 'win32' && length > MAX_RUN_CHARACTERS)
    throw new AppError('desktop-not-changed', {
      path: 'The start at login',
      issue: `its command has ${length} characters, Windows takes ${MAX_RUN_CHARACTERS}: install it at a shorter path`,
    })
  await applySteps(autostartPlan({ platform, env }, launch), env)
}

/** Resolves to 3 when `off` finds nothing to do. */
export async function runAutostart(action: string, flags: unknown, terminal: Terminal): Promise<number> {
  const { json } = parseFlags(flagsSchema, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  if (action !== 'on' && action !== 'off' && action !== 'status') throw unknownAction('autostart', action)
  const wasOn = await readAutostart(place)
  if (action === 'on') await switchOn(terminal)
  // Also an entry that the desktop has switched off: it is ours to take away.
  const removed = action === 'off' ? (await applySteps(noAutostartPlan(place), place.env)).changed : []
  const isOn = await readAutostart(place)
  if (json) terminal.write(`${JSON.stringify({ schema: SCHEMA_VERSION, autostart: isOn })}\n`)
  else
    terminal.write(isOn ? 'Serena Deck starts at login, hidden.\n' : 'Serena Deck does not start at login.\n')
  return action === 'off' && !wasOn && removed.length === 0 ? 3 : 0
}
