// Which Serena a client gets: clients with the same key share one. The key is made of everything that could make a difference to them.
import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { findProgram } from '../os/executable.ts'
import { realPath } from '../os/files/real-path.ts'
import { defaultSerenaHome } from '../os/paths.ts'
import { parseSerenaCommand } from '../serena/command-line.ts'
import { projectRootAbove } from '../serena/project-root.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'
import type { ClientHello } from './protocol.ts'
import { projectByName } from './registered-projects.ts'
import { toolSettings } from './tool-settings.ts'

/** Where a client is: its project may change by `activate_project`, its modes by `switch_modes`. */
export interface Place {
  /** As activated by the client; null: as in its command. */
  root: string | null
  /** The arguments of an `activate_project` whose folder is not known here, as JSON text; null: none. */
  activated: string | null
  /** The arguments of `switch_modes` as JSON text; null: not called. */
  modes: string | null
  /** A sentence; not null: this client needs a Serena of its own. */
  privateBecause: string | null
}

export const START_PLACE: Place = { root: null, activated: null, modes: null, privateBecause: null }

export interface SerenaSpec {
  /** Equal for clients that share one Serena. */
  key: string
  /** Equal where `initialize` and the lists of tools are equal. */
  copyKey: string
  command: readonly [program: string, ...args: string[]]
  cwd: string
  env: Readonly<Record<string, string>>
  /** The project's folder; null: none, or in another place. */
  root: string | null
  context: string | null
  modes: readonly string[]
  serenaHome: string
  isSerena: boolean
  /** A sentence; null: it is shared. */
  privateBecause: string | null
  /** Tool calls that the hub repeats after each start but the first, as JSON text of `params`. */
  replay: readonly string[]
}

const PROJECT_FLAGS = ['--project', '--project-file']
const FROM_CWD = '--project-from-cwd'
/** Names of environment variables, separated by commas: clients with different values do not share. */
const SIGNIFICANT_VARIABLE = 'SERENA_DECK_SHARE_BY'

/** Returns what to start for a client at a place. `owner`: the client's id, for a Serena of its own. */
export function specOf(
  hello: ClientHello,
  place: Place,
  owner: string,
  platform = process.platform,
): SerenaSpec {
  const { cwd, env, flags } = hello
  const parsed = parseSerenaCommand(hello.command)
  const serenaHome = defaultSerenaHome({ ...env }, platform, cwd)
  const root = place.root ?? (parsed ? rootOf(parsed.command, cwd, serenaHome) : null)
  const command = place.root === null ? hello.command : withProject(hello.command, place.root)
  const privateBecause = privateReason(hello, place, root, parsed)
  const common = {
    program: programFacts(command[0], cwd, env, platform),
    args: withoutProject(command).slice(1),
    serenaHome,
    modes: place.modes,
    activated: place.activated,
  }
  const significant = (env[SIGNIFICANT_VARIABLE] ?? '').split(',').filter((name) => name !== '')
  const shared = {
    ...common,
    root,
    shareAs: flags.shareAs,
    env: significant.map((name) => [name, env[name]]),
  }
  return {
    key: JSON.stringify(privateBecause === null ? shared : { ...shared, owner }),
    copyKey: JSON.stringify({
      ...common,
      hasProject: root !== null,
      tools: toolSettings(serenaHome, root, common.args),
    }),
    command,
    cwd,
    env,
    root,
    context: parsed?.command.context ?? null,
    modes: parsed?.command.modes ?? [],
    serenaHome,
    isSerena: parsed !== null,
    privateBecause,
    replay: [...callOf('activate_project', place.activated), ...callOf('switch_modes', place.modes)],
  }
}

const callOf = (name: string, given: string | null): readonly string[] =>
  given === null ? [] : [`{"name":"${name}","arguments":${given}}`]

function privateReason(
  { flags }: ClientHello,
  place: Place,
  root: string | null,
  parsed: ReturnType<typeof parseSerenaCommand>,
): string | null {
  if (flags.isPrivate) return 'Its client asks for a Serena of its own (--private).'
  if (place.privateBecause !== null) return place.privateBecause
  if (parsed === null) return 'Its command is not recognized as a Serena.'
  if (parsed.remote) return 'It runs in another place, such as a container.'
  if (parsed.command.transport !== 'stdio') return `Its transport is ${parsed.command.transport}, not stdio.`
  return root === null ? 'It has no project.' : null
}

/** The real folder of the project that the arguments name; null: none, or not found. */
function rootOf(
  { project, isProjectFromCwd }: SerenaCommand,
  cwd: string,
  serenaHome: string,
): string | null {
  if (project !== null) return folderOf(resolve(cwd, project)) ?? projectByName(project, serenaHome)
  const root = isProjectFromCwd ? projectRootAbove(cwd) : null
  return root && folderOf(root)
}

/** The real path of a folder; null: there is no such folder. */
export function folderOf(path: string): string | null {
  try {
    const real = realPath(path)
    return statSync(real).isDirectory() ? real : null
  } catch {
    // It does not exist, or is not readable.
    return null
  }
}

function withProject(command: SerenaSpec['command'], root: string): SerenaSpec['command'] {
  return [...withoutProject(command), '--project', root]
}

function withoutProject([program, ...args]: SerenaSpec['command']): SerenaSpec['command'] {
  const others = args.filter((word, at) => {
    const isFlag =
      word === FROM_CWD || PROJECT_FLAGS.some((flag) => word === flag || word.startsWith(`${flag}=`))
    return !isFlag && !PROJECT_FLAGS.includes(args[at - 1] ?? '')
  })
  return [program, ...others]
}

/** The file of the program with its time and size: another version of Serena has others. */
function programFacts(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): readonly unknown[] {
  const file = programFile(program, cwd, env, platform)
  // Not found: its start will report that.
  if (file === null) return [program]
  try {
    const real = realPath(file)
    const { mtimeMs, size } = statSync(real)
    return [real, mtimeMs, size]
  } catch {
    // It was removed at this moment.
    return [program]
  }
}

function programFile(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): string | null {
  const isPath = /[\\/]/.test(program)
  const path = isPath && !isAbsolute(program) ? resolve(cwd, program) : program
  return findProgram(path, { env, platform })
}
