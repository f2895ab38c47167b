// `service`: the backend kept up by the system, without a window.
import { delimiter } from 'node:path'
import * as z from 'zod/mini'
import { SCHEMA_VERSION } from '#contract/instance'
import { findBackend } from '../backend-client.ts'
import { applySteps, hasService } from '../os/launch/apply-steps.ts'
import { launchEnvironment, ownLaunch } from '../os/launch/own-launch.ts'
import { noServicePlan, servicePlan } from '../os/launch/service-plan.ts'
import { stateFolder } from '../os/paths.ts'
import { unknownAction } from './command-words.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { ownUserId, warnOfPassingCopy } from './install.ts'
import { productCommand } from './product.ts'
import type { Terminal } from './terminal.ts'

const flagsSchema = z.object({ json: switchFlag })

/** Does what was asked; returns what the system left undone. */
async function change(action: 'install' | 'uninstall', terminal: Terminal): Promise<readonly string[]> {
  const { env, platform, cwd } = terminal
  if (action === 'uninstall')
    return (await applySteps(noServicePlan({ env, platform }, ownUserId()), env)).undone
  warnOfPassingCopy(terminal)
  const launch = ownLaunch(productCommand, launchEnvironment(env, cwd, delimiter), 'serve')
  return (await applySteps(servicePlan({ env, platform }, launch, ownUserId()), env)).undone
}

/** Resolves to 3 when `uninstall` finds nothing to do. */
export async function runService(action: string, flags: unknown, terminal: Terminal): Promise<number> {
  const { json } = parseFlags(flagsSchema, flags)
  const place = { env: terminal.env, platform: terminal.platform }
  if (action !== 'install' && action !== 'uninstall' && action !== 'status')
    throw unknownAction('service', action)
  const isNothing = action === 'uninstall' && !(await hasService(place))
  const undone = action === 'status' || isNothing ? [] : await change(action, terminal)
  const isInstalled = await hasService(place)
  const running = await findBackend(stateFolder(place.env, place.platform))
  if (json) {
    const service = { installed: isInstalled, runningPid: running?.pid ?? null }
    terminal.write(`${JSON.stringify({ schema: SCHEMA_VERSION, service })}\n`)
  } else {
    terminal.write(isInstalled ? 'Serena Deck is a service of yours.\n' : 'Serena Deck is no service.\n')
    terminal.write(running ? `It runs (process ${running.pid}).\n` : 'It does not run now.\n')
  }
  for (const line of undone) terminal.writeError(`Left for the next login: ${line}\n`)
  return isNothing ? 3 : 0
}
