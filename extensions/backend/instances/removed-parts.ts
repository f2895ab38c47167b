// What was removed or renamed below a running instance: its program, its folder. A part that cannot be checked does not count as removed.
import { statSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import { codeOf } from '../lib/error-code.ts'
import { isInterpreter } from '../lib/interpreters.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import type { ProgramFacts } from '../os/process-facts.ts'
import { settingsFileOf } from '../serena/settings-file.ts'

const DELETED = ' (deleted)'
const SETTINGS_BYTES = 512 * 1024
const SUBCOMMAND = 'start-mcp-server'

export interface RemovedParts {
  /** The path of its executable or script; null: it exists, or that cannot be checked. */
  program: string | null
  /** The path of its project or working folder; null likewise. */
  folder: string | null
}

export interface RemovedFacts {
  argv: readonly string[]
  program: ProgramFacts | null
  cwd: string | null
  projectPath: string | null
  serenaHome: string | null
}

export interface RemovedWatch {
  renew(facts: RemovedFacts): RemovedParts
}

/** Watches one instance; remembers which project folder existed. */
export function createRemovedWatch(): RemovedWatch {
  const seen = new Set<string>()

  function projectGone(path: string | null, serenaHome: string | null): string | null {
    if (path === null || !isAbsolute(path)) return null
    if (isThere(path)) seen.add(path)
    // An argument may name a folder that never existed: only one that existed, or that Serena has registered, can be removed.
    return isMissing(path) && (seen.has(path) || isRegistered(path, serenaHome)) ? path : null
  }

  return {
    renew({ argv, program, cwd, projectPath, serenaHome }) {
      // The paths of another mount namespace are not valid in ours.
      if (program?.isForeignMounts !== false) return { program: null, folder: null }
      return {
        program: deletedPath(program.executable) ?? scriptGone(argv, program.executable),
        folder: deletedPath(cwd) ?? projectGone(projectPath, serenaHome),
      }
    },
  }
}

/** The path of a link that the kernel marks as deleted, unless another file has replaced it; null: it exists. */
function deletedPath(link: string | null): string | null {
  if (!link?.endsWith(DELETED) || !isMissing(link)) return null
  const path = link.slice(0, -DELETED.length)
  return isMissing(path) ? path : null
}

/** The script that an interpreter read at its start, or the environment's own interpreter. */
function scriptGone(argv: readonly string[], executable: string | null): string | null {
  const [program = '', ...rest] = argv
  if (!isInterpreter(basename(program), 'python', 'javascript')) return null
  const end = rest.indexOf(SUBCOMMAND)
  const before = end < 0 ? [] : rest.slice(0, end)
  const script = before.at(-1)
  const isScript = script !== undefined && isAbsolute(script) && before.at(-2) !== '-m'
  if (isScript && isMissing(script)) return script
  // A venv's interpreter is a link: the program itself remains when the environment is removed.
  const isOwn =
    executable !== null && basename(executable).startsWith(basename(program).replace(/[\d.]+$/, ''))
  return isOwn && isAbsolute(program) && isMissing(program) ? program : null
}

/** Serena registers only folders that exist. */
function isRegistered(path: string, serenaHome: string | null): boolean {
  if (serenaHome === null) return false
  const read = readRegularFile(settingsFileOf(serenaHome), SETTINGS_BYTES)
  if (read.kind !== 'text') return false
  return read.text.split('\n').some(
    (line) =>
      line
        .trim()
        .replace(/^- */, '')
        .replace(/^(["'])(.*)\1$/, '$2') === path,
  )
}

const isThere = (path: string): boolean => statusOf(path) === 'there'
const isMissing = (path: string): boolean => statusOf(path) === 'gone'

function statusOf(path: string): 'there' | 'gone' | 'unknown' {
  try {
    statSync(path)
    return 'there'
  } catch (error) {
    return /^(ENOENT|ENOTDIR)$/.test(codeOf(error)) ? 'gone' : 'unknown'
  }
}
