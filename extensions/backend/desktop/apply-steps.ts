// Runs the steps of a plan: writes and removes files, runs PowerShell and reg.exe. Contains no decisions.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '#contract/errors'
import { writeFileWhole } from '../os/files/write-file.ts'
import { systemProgram } from '../os/windows/system-program.ts'
import { autostartPlace, isAutostartOn, type Place, type Step } from './install-plan.ts'
import { serviceFile, serviceQuery } from './service-plan.ts'

const TOOL_MS = 30_000
const run = promisify(execFile)

/** The reason of a failure, without the file's name where that is said beside it. */
function messageOf(error: unknown): string {
  if (error instanceof AppError && error.code === 'not-written') return String(error.data['issue'] ?? '')
  return error instanceof Error ? error.message : String(error)
}

/** True when anything exists at that path. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}

/** Writes atomically; a link at that path is replaced, never followed. */
async function write({ path, content, mode }: Extract<Step, { kind: 'write' }>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  writeFileWhole(path, content, { mode })
}

async function importRegistry(content: Buffer, env: NodeJS.ProcessEnv): Promise<void> {
  const file = join(tmpdir(), `serena-deck-${randomBytes(8).toString('hex')}.reg`)
  await writeFile(file, content, { flag: 'wx', mode: 0o600 })
  try {
    await run(systemProgram(env, 'System32', 'reg.exe'), ['import', file], {
      env,
      timeout: TOOL_MS,
      windowsHide: true,
    })
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

/** Creates the link and replaces what is there. */
async function link(path: string, to: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await symlink(to, path)
}

/** Runs one step. Returns what it changed; null: nothing with a name. */
async function applyStep(step: Step, env: NodeJS.ProcessEnv): Promise<string | null> {
  switch (step.kind) {
    case 'write':
      await write(step)
      return step.path
    case 'link':
      await link(step.path, step.to)
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
    case 'run': {
      const [file, ...args] = step.command
      await run(file, args, { env, timeout: TOOL_MS, windowsHide: true })
      return null
    }
  }
}

function targetOf(step: Step): string {
  switch (step.kind) {
    case 'powershell':
      return step.makes
    case 'registry':
      return step.changes
    case 'run':
      return step.command.slice(0, 3).join(' ')
    case 'write':
    case 'link':
    case 'remove':
      return step.path
  }
}

export interface Applied {
  /** Files and places that were written or removed. */
  changed: string[]
  /** Optional commands that failed: `systemctl --user restart: …`. */
  undone: string[]
}

/** Runs all steps in order. AppError `desktop-not-changed` when a required step fails. */
export async function applySteps(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<Applied> {
  const applied: Applied = { changed: [], undone: [] }
  for (const step of steps) {
    try {
      const path = await applyStep(step, env)
      if (path !== null) applied.changed.push(path)
    } catch (error) {
      const issue = messageOf(error)
      if (step.kind !== 'run' || step.isNeeded)
        throw new AppError('desktop-not-changed', { path: targetOf(step), issue }, { cause: error })
      applied.undone.push(`${targetOf(step)}: ${issue.trim().split('\n').at(-1) ?? ''}`)
    }
  }
  return applied
}

/** Returns true if the backend is installed as a service. */
export async function hasService(place: Place): Promise<boolean> {
  const file = serviceFile(place)
  if (file !== null) return exists(file)
  const [program, ...args] = serviceQuery(place.env)
  return run(program, args, { env: place.env, timeout: TOOL_MS, windowsHide: true }).then(
    () => true,
    () => false,
  )
}

/** Returns true if it starts at login. */
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
  // reg.exe exits with 1 when the value does not exist.
  const options = { env: place.env, timeout: TOOL_MS, windowsHide: true }
  return run(reg, ['query', written.key, '/v', written.value], options).then(
    () => true,
    () => false,
  )
}
