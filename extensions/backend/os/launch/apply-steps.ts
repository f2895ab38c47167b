// Does what a plan says: writes whole files, removes ours, asks PowerShell and the registry. Thin.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '#contract/errors'
import { systemProgram } from '../windows/powershell.ts'
import { autostartPlace, isAutostartOn, type Place, type Step } from './install-plan.ts'

const TOOL_MS = 30_000
const run = promisify(execFile)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** True when something lies there, whatever it is. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}

/** Whole or not at all; a link at that place is replaced, never written through. */
async function write({ path, content, mode }: Extract<Step, { kind: 'write' }>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeFile(temporary, content, { flag: 'wx', mode })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function importRegistry(content: Buffer, env: NodeJS.ProcessEnv): Promise<void> {
  const file = join(tmpdir(), `serena-deck-${randomBytes(8).toString('hex')}.reg`)
  await writeFile(file, content, { flag: 'wx', mode: 0o600 })
  try {
    await run(systemProgram(env, 'System32', 'reg.exe'), ['import', file], { env, timeout: TOOL_MS })
  } finally {
    await rm(file, { force: true })
  }
}

async function runScript(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const program = systemProgram(env, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]
  await run(program, args, { env, timeout: TOOL_MS, windowsHide: true })
}

/** Does one step. Returns what it changed; null: there was nothing to do. AppError `desktop-not-changed` names what failed. */
async function applyStep(step: Step, env: NodeJS.ProcessEnv): Promise<string | null> {
  switch (step.kind) {
    case 'write':
      await write(step)
      return step.path
    case 'remove':
      if (!(await exists(step.path))) return null
      await rm(step.path, { recursive: true, force: true })
      return step.path
    case 'powershell':
      await runScript(step.script, env)
      return step.makes
    case 'registry':
      await importRegistry(step.content, env)
      return step.changes
  }
}

const targetOf = (step: Step): string =>
  step.kind === 'powershell' ? step.makes : step.kind === 'registry' ? step.changes : step.path

/** Does all steps, in order; returns what was changed. AppError `desktop-not-changed` at the first that fails. */
export async function applySteps(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const changed: string[] = []
  for (const step of steps) {
    try {
      const path = await applyStep(step, env)
      if (path !== null) changed.push(path)
    } catch (error) {
      throw new AppError(
        'desktop-not-changed',
        { path: targetOf(step), issue: messageOf(error) },
        { cause: error },
      )
    }
  }
  return changed
}

/** True when it starts at login. */
export async function readAutostart(place: Place): Promise<boolean> {
  const written = autostartPlace(place)
  if ('file' in written) {
    const entry = await readFile(written.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
      throw new AppError(
        'desktop-not-changed',
        { path: written.file, issue: error.message },
        { cause: error },
      )
    })
    return entry !== null && isAutostartOn(entry, place.platform)
  }
  const reg = systemProgram(place.env, 'System32', 'reg.exe')
  // reg.exe ends with 1 when there is no such value.
  return run(reg, ['query', written.key, '/v', written.value], { env: place.env, timeout: TOOL_MS }).then(
    () => true,
    () => false,
  )
}
