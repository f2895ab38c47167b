// The words after `wrap`: its flags, which may be placed before the command or among its arguments, and the command that is run.
// A `--` before the command is optional. Pure.
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import {
  type FlagNames,
  flagLength,
  parseSwitch,
  SWITCH_FLAGS,
  splitWrapArguments,
  VALUE_FLAGS,
} from '../serena/wrap-flags.ts'

/** The flags in a client's MCP configuration; null: not given, then `serena_config.yml` applies. */
export interface WrapFlags {
  /** Use the shared dashboard and open no other. */
  isGlobal: boolean | null
  /** Open it when this instance starts, once. */
  opensOnLaunch: boolean | null
  globalPort: number | null
  /** Above 0, fractions allowed. */
  idleShutdownMinutes: number | null
}

export type Command = readonly [program: string, ...args: string[]]

export interface WrapArguments {
  flags: WrapFlags
  /** The command to run: without the flags of `wrap`, which Serena does not support. */
  command: Command
}

const [GLOBAL = '', OPENS = ''] = SWITCH_FLAGS
const [PORT = '', IDLE = ''] = VALUE_FLAGS

/** Parses flags and command; of a repeated flag the last one counts. AppError `wrong-use`. */
export function parseWrapArguments(words: readonly string[]): WrapArguments {
  const flags = noWrapFlags()
  return {
    flags,
    command: parseCommand(words, {
      name: 'wrap',
      flags: { switches: SWITCH_FLAGS, valued: VALUE_FLAGS },
      set: (name, value) => setWrapFlag(flags, name, value),
    }),
  }
}

export const noWrapFlags = (): WrapFlags => ({
  isGlobal: null,
  opensOnLaunch: null,
  globalPort: null,
  idleShutdownMinutes: null,
})

export interface FlaggedCommand {
  /** `wrap` or `connect`. */
  name: string
  flags: FlagNames
  set(name: string, value: string | undefined): void
}

/** Sets each flag and returns the command without them. AppError `wrong-use`. */
export function parseCommand(words: readonly string[], syntax: FlaggedCommand): Command {
  const { name } = syntax
  const usage = `${name} [flags] serena start-mcp-server …`
  const split = splitWrapArguments(words, syntax.flags)
  takeFlags(split.flags, syntax)
  const [program, ...rest] = split.command
  if (!program) throw wrong(`${name} requires a command: ${usage}`)
  if (program.startsWith('-'))
    throw wrong(
      `Unknown flag ${quoted(program)} of ${name}; place the flags of the command after it: ${usage}`,
    )
  return [program, ...takeFlags(rest, syntax)]
}

/** Sets the flags and returns the other arguments. */
function takeFlags(words: readonly string[], { flags, set }: FlaggedCommand): string[] {
  const others: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const length = flagLength(word, words[i + 1], flags)
    if (length === 0) others.push(word)
    else {
      const equals = word.indexOf('=')
      const value = equals < 0 ? (length === 2 ? words[i + 1] : undefined) : word.slice(equals + 1)
      set(equals < 0 ? word : word.slice(0, equals), value)
      i += length - 1
    }
  }
  return others
}

/** Sets one flag of `wrap`. AppError `wrong-use`. */
export function setWrapFlag(flags: WrapFlags, name: string, value: string | undefined): void {
  if (name === PORT) flags.globalPort = portOf(value)
  else if (name === IDLE) flags.idleShutdownMinutes = minutesOf(value)
  else {
    const isOn = switchOf(name, value)
    if (name === GLOBAL) flags.isGlobal = isOn
    else if (name === OPENS) flags.opensOnLaunch = isOn
  }
}

/** Returns the value of a switch; without one it is on. AppError `wrong-use`. */
export function switchOf(name: string, value: string | undefined): boolean {
  const isOn = parseSwitch(value ?? 'true')
  if (isOn === null) throw wrong(`${name} must be true or false${notThat(value)}`)
  return isOn
}

function portOf(word: string | undefined): number {
  const port = Number(word)
  if (word !== undefined && /^\d{1,5}$/.test(word) && port >= 1 && port <= 65_535) return port
  throw wrong(`${PORT} must be a port from 1 to 65535${notThat(word)}`)
}

function minutesOf(word: string | undefined): number {
  const minutes = Number(word)
  if (word !== undefined && /^(\d+\.?\d*|\.\d+)$/.test(word) && minutes > 0) return minutes
  throw wrong(
    `${IDLE} must be a number of minutes above 0 (fractions are allowed)${notThat(word)}; omit the flag to disable the idle shutdown`,
  )
}

export const notThat = (word: string | undefined): string =>
  word === undefined ? '' : `, not ${quoted(word)}`
const quoted = (word: string): string => JSON.stringify(visibleLine(word.slice(0, 80)))
export const wrong = (issue: string): AppError => new AppError('wrong-use', { issue: `${issue}.` })
