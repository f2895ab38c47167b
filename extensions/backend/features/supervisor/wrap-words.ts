// The words after `wrap`: its flags, which may be placed before the command or among its arguments, and the command that is run.
// A `--` before the command is optional. Pure.
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { flagLength, parseSwitch, SWITCH_FLAGS, splitWrapWords, VALUE_FLAGS } from '../../lib/wrap-flags.ts'

/** What a client's MCP configuration says; null: the flag is not there, then `serena_config.yml` says it. */
export interface WrapFlags {
  /** Use the one global dashboard and open no other. */
  isGlobal: boolean | null
  /** Open it when this instance starts, once. */
  opensOnLaunch: boolean | null
  globalPort: number | null
  /** Above 0, fractions allowed. */
  idleShutdownMinutes: number | null
}

export type Command = readonly [program: string, ...args: string[]]

export interface WrapWords {
  flags: WrapFlags
  /** The command as it is run: without our flags, which no Serena knows. */
  command: Command
}

const [GLOBAL = '', OPENS = ''] = SWITCH_FLAGS
const [PORT = '', IDLE = ''] = VALUE_FLAGS
const USAGE = 'wrap [flags] serena start-mcp-server …'

/** The flags and the command; of a flag that is there twice the last one counts. AppError `wrong-use`. */
export function parseWrapWords(words: readonly string[]): WrapWords {
  const flags: WrapFlags = {
    isGlobal: null,
    opensOnLaunch: null,
    globalPort: null,
    idleShutdownMinutes: null,
  }
  const split = splitWrapWords(words)
  takeFlags(split.flags, flags)
  const [program, ...rest] = split.command
  if (!program) throw wrong(`wrap needs a command: ${USAGE}`)
  if (program.startsWith('-'))
    throw wrong(
      `wrap does not know the flag ${quoted(program)}; flags of the command are placed after it: ${USAGE}`,
    )
  return { flags, command: [program, ...takeFlags(rest, flags)] }
}

/** Fills `flags` and answers the other words. */
function takeFlags(words: readonly string[], flags: WrapFlags): string[] {
  const others: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const length = flagLength(word, words[i + 1])
    if (length === 0) others.push(word)
    else {
      const equals = word.indexOf('=')
      const value = equals < 0 ? (length === 2 ? words[i + 1] : undefined) : word.slice(equals + 1)
      setFlag(flags, equals < 0 ? word : word.slice(0, equals), value)
      i += length - 1
    }
  }
  return others
}

function setFlag(flags: WrapFlags, name: string, value: string | undefined): void {
  if (name === PORT) flags.globalPort = portOf(value)
  else if (name === IDLE) flags.idleShutdownMinutes = minutesOf(value)
  else {
    const isOn = parseSwitch(value ?? 'true')
    if (isOn === null) throw wrong(`${name} takes true or false${notThat(value)}`)
    if (name === GLOBAL) flags.isGlobal = isOn
    else if (name === OPENS) flags.opensOnLaunch = isOn
  }
}

function portOf(word: string | undefined): number {
  const port = Number(word)
  if (word !== undefined && /^\d{1,5}$/.test(word) && port >= 1 && port <= 65_535) return port
  throw wrong(`${PORT} takes a port from 1 to 65535${notThat(word)}`)
}

function minutesOf(word: string | undefined): number {
  const minutes = Number(word)
  if (word !== undefined && /^(\d+\.?\d*|\.\d+)$/.test(word) && minutes > 0) return minutes
  throw wrong(
    `${IDLE} takes a number of minutes above 0 (fractions are allowed)${notThat(word)}; without the flag no instance is ended`,
  )
}

const notThat = (word: string | undefined): string => (word === undefined ? '' : `, not ${quoted(word)}`)
const quoted = (word: string): string => JSON.stringify(visibleLine(word.slice(0, 80)))
const wrong = (issue: string): AppError => new AppError('wrong-use', { issue: `${issue}.` })
