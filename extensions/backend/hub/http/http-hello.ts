// What a client over HTTP would have said to the hub, had it started `connect`: the command of its Serena comes from the settings, the
// project from the URL.
import { isAbsolute } from 'node:path'
import { productVersion } from '../../lib/product.ts'
import { isRunnable } from '../../os/executable.ts'
import { defaultSerenaHome } from '../../os/paths.ts'
import { SERENA_PACKAGE, splitWords } from '../../serena/command-line.ts'
import { type ClientHello, NO_FLAGS, PROTOCOL } from '../protocol.ts'
import { projectByName } from '../registered-projects.ts'
import { folderOf } from '../serena-spec.ts'
import type { Route } from './http-request.ts'

const PROGRAM = 'serena'
const ARGUMENTS = ['start-mcp-server']

export type SerenaCommandWords = readonly [program: string, ...args: string[]]

/** Returns the command that starts Serena: as set, else an installed one, else with `uvx`. */
export function serenaCommandOf(setting: string | null, path: string | undefined): SerenaCommandWords {
  const [program, ...args] = splitWords(setting ?? '')
  if (program !== undefined) return [program, ...args]
  if (isRunnable(PROGRAM, path)) return [PROGRAM, ...ARGUMENTS]
  return ['uvx', '--from', SERENA_PACKAGE, PROGRAM, ...ARGUMENTS]
}

/** Returns the folder of the project in a URL; null: it is not registered and no folder. */
export function projectFolderOf(project: string, env: NodeJS.ProcessEnv): string | null {
  const home = defaultSerenaHome(env, process.platform, process.cwd())
  const path = isAbsolute(project) ? project : projectByName(project, home)
  return path === null ? null : folderOf(path)
}

/** Returns the hello for a client of that URL; null: there is no such project. */
export function helloOf(
  { project, context }: Pick<Route, 'project' | 'context'>,
  command: SerenaCommandWords,
  env: NodeJS.ProcessEnv,
): ClientHello | null {
  const root = projectFolderOf(project, env)
  if (root === null) return null
  return {
    serenaDeck: 'hello',
    protocol: PROTOCOL,
    release: productVersion,
    pid: process.pid,
    kind: 'client',
    parentPid: process.ppid,
    cwd: root,
    command: [...command, '--project', root, ...(context === null ? [] : ['--context', context])],
    env: environmentOf(env),
    flags: NO_FLAGS,
    isResumed: false,
  }
}

/** The variables of the hub, without those that are for it alone. */
function environmentOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('MALLOC_'))
  return Object.fromEntries(others.filter((one): one is [string, string] => one[1] !== undefined))
}
