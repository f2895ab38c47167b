// The words after `wrap`: our flags, which may stand on either side of its `--`, and the command that is run. Pure.
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'

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

const GLOBAL = '--web-dashboard-global'
const OPENS = '--web-dashboard-global-open-on-launch'
const PORT = '--web-dashboard-global-port'
const IDLE = '--idle-shutdown-minutes'
const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'on', 't', 'y']
const FALSE_WORDS: readonly string[] = ['false', '0', 'no', 'off', 'f', 'n']

/** The flags and the command; of a flag that is there twice the last one counts. AppError `wrong-use`. */
export function parseWrapWords(words: readonly string[]): WrapWords {
  const at = words.indexOf('--')
  if (at < 0) throw wrong('wrap needs -- before the command: wrap [flags] -- serena start-mcp-server …')
  const flags: WrapFlags = {
    isGlobal: null,
    opensOnLaunch: null,
    globalPort: null,
    idleShutdownMinutes: null,
  }
  const [stray] = takeFlags(words.slice(0, at), flags)
  if (stray !== undefined)
    throw wrong(`wrap does not know ${visibleLine(stray)}; the command stands after --`)
  const [program, ...args] = takeFlags(words.slice(at + 1), flags)
  if (program === undefined) throw wrong('wrap needs a command after --')
  return { flags, command: [program, ...args] }
}

/** Fills `flags` and answers the other words. */
function takeFlags(words: readonly string[], flags: WrapFlags): string[] {
  const others: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    const given = equals < 0 ? null : word.slice(equals + 1)
    const next = words[i + 1]
    if (name === GLOBAL || name === OPENS) {
      const takesNext = given === null && next !== undefined && switchOf(next) !== null
      const value = takesNext ? next : (given ?? 'true')
      if (takesNext) i++
      const isOn = switchOf(value)
      if (isOn === null) throw wrong(`${name} takes true or false, not ${quoted(value)}`)
      if (name === GLOBAL) flags.isGlobal = isOn
      else flags.opensOnLaunch = isOn
    } else if (name === PORT || name === IDLE) {
      const value = given ?? next
      if (given === null) i++
      if (name === PORT) flags.globalPort = portOf(value)
      else flags.idleShutdownMinutes = minutesOf(value)
    } else others.push(word)
  }
  return others
}

function switchOf(word: string): boolean | null {
  if (TRUE_WORDS.includes(word.toLowerCase())) return true
  return FALSE_WORDS.includes(word.toLowerCase()) ? false : null
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
