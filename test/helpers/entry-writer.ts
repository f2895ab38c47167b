// Starts writers of registry entries as processes: ours and one in Python.
import { join } from 'node:path'
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
import type { Scope } from './scope.ts'
import { projectRoot } from './temp-home.ts'

const programs = join(projectRoot, 'test', 'fixtures', 'programs')
const python = join(projectRoot, '.cache', 'serena', '2.1.0', 'bin', 'python')

/** Command before the program: another user, a limit, a namespace. */
export type Runner = readonly string[]

/** Starts `entry-writer.mjs` with the sources of the product. */
export function startEntryWriter(scope: Scope, args: readonly string[], runner: Runner = []): DrivenProgram {
  const words = [...runner, process.execPath, '--import', 'tsx', join(programs, 'entry-writer.mjs'), ...args]
  return startDrivenProgram(scope, words[0] ?? '', words.slice(1), { cwd: projectRoot, env: process.env })
}

/** Starts `entry_writer.py` with the Python of an installed Serena, which has psutil and filelock. */
export function startPythonWriter(scope: Scope, args: readonly string[]): DrivenProgram {
  return startDrivenProgram(scope, python, [join(programs, 'entry_writer.py'), ...args], {
    cwd: projectRoot,
    env: process.env,
  })
}
