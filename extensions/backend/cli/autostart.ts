// `autostart`: Serena Deck at each login of this user, hidden.

import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { applySteps, readAutostart } from '../desktop/apply-steps.ts'
import { windowsCommandLine } from '../desktop/entry-texts.ts'
import { autostartPlan, noAutostartPlan } from '../desktop/install-plan.ts'
import { launchEnvironment, ownLaunch } from '../desktop/own-launch.ts'
import { productCommand } from '../lib/product.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { warnOfTemporaryCopy } from './install.ts'

const flagsSchema = z.object({ json: switchFlag })
/** Longer values of the Run key are not started (Microsoft, "Run and RunOnce Registry Keys"). */
const MAX_RUN_CHARACTERS = 260

async function switchOn(terminal: Terminal): Promise<void> {
  const { env, platform, cwd } = terminal
  warnOfTemporaryCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'open', '--hidden')
  const { length } = windowsCommandLine(launch.command)
  if (platform === 'win32' && length > MAX_RUN_CHARACTERS)
    throw new AppError('desktop-not-changed', {
      path: 'the start at login',
      issue: `its command has ${length} characters, but Windows allows ${MAX_RUN_CHARACTERS}; install Serena Deck in a shorter path`,
    })
  await applySteps(autostartPlan({ platform, env }, launch), env)
}

/** Runs `autostart ACTION`; resolves to 3 if `off` finds nothing to do. */
export async function runAutostart(
  action: 'on' | 'off' | 'status',
  flags: unknown,
  terminal: Terminal,
): Promise<number> {
  const { json } = parseFlags(flagsSchema, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  const wasOn = await readAutostart(place)
  if (action === 'on') await switchOn(terminal)
  // Also removes an entry that the desktop has disabled: it is ours. A registry file that removes nothing would count as a change.
  const hasEntry = wasOn || place.platform !== 'win32'
  const removed =
    action === 'off' && hasEntry ? (await applySteps(noAutostartPlan(place), place.env)).changed : []
  const isOn = await readAutostart(place)
  if (json) terminal.write(`${JSON.stringify({ schema: COMMAND_VERSION, autostart: isOn })}\n`)
  else
    terminal.write(isOn ? 'Serena Deck starts hidden at login.\n' : 'Serena Deck does not start at login.\n')
  return action === 'off' && !wasOn && removed.length === 0 ? 3 : 0
}
