// What was removed or renamed below a running instance: its program, its folder. What cannot be looked at is not gone.
import { statSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import type { ProgramFacts } from '../../facts.ts'
import { readRegularFile } from '../../lib/read-file.ts'
import { settingsFileOf } from '../../lib/settings-file.ts'

const DELETED = ' (deleted)'
const SETTINGS_BYTES = 512 * 1024
const INTERPRETER = /^(python|pypy|node|bun|deno)[\d.]*$/
const SUBCOMMAND = 'start-mcp-server'

export interface RemovedParts {
  /** The path of its executable or script; null: it is there, or that cannot be told. */
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

/** Watches one instance; it remembers which project folder was there. */
export function createRemovedWatch(): RemovedWatch {
  const seen = new Set<string>()

  function projectGone(path: string | null, serenaHome: string | null): string | null {
    if (path === null || !isAbsolute(path)) return null
    if (isThere(path)) seen.add(path)
    // An argument may name a folder that never was: only one that was there, or that Serena has registered, can be gone.
    return isGone(path) && (seen.has(path) || isRegistered(path, serenaHome)) ? path : null
  }

  return {
    renew({ argv, program, cwd, projectPath, serenaHome }) {
      // The paths of another mount namespace mean nothing in ours.
      if (program?.isForeignMounts !== false) return { program: null, folder: null }
      return {
        program: deletedPath(program.executable) ?? scriptGone(argv, program.executable),
        folder: deletedPath(cwd) ?? projectGone(projectPath, serenaHome),
      }
    },
  }
}

/** The path of a link that the kernel marks as deleted, unless another file has its place by now; null: it is there. */
function deletedPath(link: string | null): string | null {
  if (!link?.endsWith(DELETED) || !isGone(link)) return null
  const path = link.slice(0, -DELETED.length)
  return isGone(path) ? path : null
}

/** The script that an interpreter read at its start, or the environment's own interpreter. */
function scriptGone(argv: readonly string[], executable: string | null): string | null {
  const [program = '', ...rest] = argv
  if (!INTERPRETER.test(basename(program))) return null
  const end = rest.indexOf(SUBCOMMAND)
  const before = end < 0 ? [] : rest.slice(0, end)
  const script = before.at(-1)
  const isScript = script !== undefined && isAbsolute(script) && before.at(-2) !== '-m'
  if (isScript && isGone(script)) return script
  // A venv's interpreter is a link: the program itself stays when the environment goes.
  const isOwn =
    executable !== null && basename(executable).startsWith(basename(program).replace(/[\d.]+$/, ''))
  return isOwn && isAbsolute(program) && isGone(program) ? program : null
}

/** Serena registers only folders that are there. */
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
const isGone = (path: string): boolean => statusOf(path) === 'gone'

function statusOf(path: string): 'there' | 'gone' | 'unknown' {
  try {
    statSync(path)
    return 'there'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unknown'
  }
}
