// What setup adds to the desktop: the entry and the start at login where there is a screen, else the service. What was there before
// stays when the setup is undone.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import * as z from 'zod/mini'
import { applySteps, hasService, readAutostart } from '../desktop/apply-steps.ts'
import {
  autostartPlan,
  installPlan,
  noAutostartPlan,
  type Place,
  type Step,
  uninstallPlan,
} from '../desktop/install-plan.ts'
import { launchEnvironment, ownLaunch } from '../desktop/own-launch.ts'
import { readIcons } from '../desktop/read-icons.ts'
import { noServicePlan, servicePlan } from '../desktop/service-plan.ts'
import { parseJson } from '../lib/parse-json.ts'
import { productCommand, productVersion } from '../lib/product.ts'
import { isRunnable } from '../os/executable.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { removeFileIf } from '../os/files/remove-file.ts'
import { writeFileWhole } from '../os/files/write-file.ts'

const PARTS = ['applications', 'autostart', 'service'] as const
export type DesktopPart = (typeof PARTS)[number]

const NAME = 'setup.json'
const MAX_BYTES = 4_096
const recordSchema = z.object({ schema: z.literal(1), desktop: z.array(z.enum(PARTS)) })

export interface DesktopInput extends Place {
  cwd: string
  /** Of this user; 0 where there is none. */
  userId: number
}

/** Returns the parts that are missing. */
export async function missingParts(place: Place): Promise<DesktopPart[]> {
  const { platform, env } = place
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    const canRun = Boolean(env['XDG_RUNTIME_DIR']) && isRunnable('systemctl', env['PATH'])
    return canRun && !(await hasService(place)) ? ['service'] : []
  }
  const isStarted = (await readAutostart(place)) || (await hasService(place))
  const hasEntry = uninstallPlan(place).some((step) => step.kind === 'remove' && existsSync(step.path))
  return [...(hasEntry ? [] : (['applications'] as const)), ...(isStarted ? [] : (['autostart'] as const))]
}

/** Adds the parts, and remembers them first. Returns the changed files. */
export async function addParts(
  parts: readonly DesktopPart[],
  input: DesktopInput,
  stateFolder: string,
): Promise<string[]> {
  if (parts.length === 0) return []
  const before = readParts(stateFolder)
  writeParts(stateFolder, [...new Set([...before, ...parts])])
  const steps = (await Promise.all(parts.map((part) => stepsOf(part, input)))).flat()
  return (await applySteps(steps, input.env)).changed
}

async function stepsOf(part: DesktopPart, input: DesktopInput): Promise<readonly Step[]> {
  const { platform, env, cwd, userId } = input
  const variables = launchEnvironment(env, cwd, delimiter)
  const launch = (...words: string[]) => ownLaunch(productCommand, variables, ...words)
  switch (part) {
    case 'applications':
      return installPlan({
        platform,
        env,
        launch: launch('open'),
        version: productVersion,
        icons: await readIcons(),
      })
    case 'autostart':
      return autostartPlan(input, launch('open', '--hidden'))
    case 'service':
      return servicePlan(input, launch('serve'), userId)
  }
}

/** Removes the parts that setup has added. Returns the removed files. */
export async function removeParts(input: DesktopInput, stateFolder: string): Promise<string[]> {
  const parts = readParts(stateFolder)
  const steps = parts.flatMap((part): readonly Step[] => {
    if (part === 'applications') return uninstallPlan(input)
    return part === 'autostart' ? noAutostartPlan(input) : noServicePlan(input, input.userId)
  })
  const { changed } = await applySteps(steps, input.env)
  removeFileIf(join(stateFolder, NAME), () => true)
  return changed
}

function readParts(stateFolder: string): readonly DesktopPart[] {
  const read = readRegularFile(join(stateFolder, NAME), MAX_BYTES)
  if (read.kind !== 'text') return []
  // Another version may have written it.
  return parseJson(recordSchema, read.text)?.desktop ?? []
}

const writeParts = (stateFolder: string, desktop: readonly DesktopPart[]): void =>
  writeFileWhole(join(stateFolder, NAME), `${JSON.stringify({ schema: 1, desktop })}\n`)
