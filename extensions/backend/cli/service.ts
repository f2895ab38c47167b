// `service`: the backend as a service of this user, without a window.

import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { COMMAND_VERSION } from '#contract/versions'
import { findBackend } from '../access/backend-client.ts'
import { applySteps, hasService } from '../desktop/apply-steps.ts'
import { launchEnvironment, ownLaunch } from '../desktop/own-launch.ts'
import { noServicePlan, servicePlan } from '../desktop/service-plan.ts'
import { productCommand } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { ownUserId, warnOfTemporaryCopy } from './install.ts'

const flagsSchema = z.object({ json: switchFlag })

/** Carries out the action; returns the steps that the system did not carry out. */
async function change(action: 'install' | 'uninstall', terminal: Terminal): Promise<readonly string[]> {
  const { env, platform, cwd } = terminal
  if (action === 'uninstall')
    return (await applySteps(noServicePlan({ env, platform }, ownUserId()), env)).undone
  warnOfTemporaryCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'serve')
  return (await applySteps(servicePlan({ env, platform }, launch, ownUserId()), env)).undone
}

/** Runs `service ACTION`; resolves to 3 if `uninstall` finds nothing to do. */
export async function runService(
  action: 'install' | 'uninstall' | 'status',
  flags: unknown,
  terminal: Terminal,
): Promise<number> {
  const { json } = parseFlags(flagsSchema, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  const isNothing = action === 'uninstall' && !(await hasService(place))
  const undone = action === 'status' || isNothing ? [] : await change(action, terminal)
  const isInstalled = await hasService(place)
  const running = await findBackend(stateFolder(place.env, place.platform))
  if (json) {
    const service = { installed: isInstalled, runningPid: running?.pid ?? null }
    terminal.write(`${JSON.stringify({ schema: COMMAND_VERSION, service })}\n`)
  } else {
    terminal.write(isInstalled ? 'The service is installed.\n' : 'The service is not installed.\n')
    terminal.write(
      running ? `The backend is running (process ${running.pid}).\n` : 'The backend is not running.\n',
    )
  }
  for (const line of undone) terminal.writeError(`Takes effect at the next login: ${line}\n`)
  return isNothing ? 3 : 0
}
