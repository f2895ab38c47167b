// The words of one command line, checked before anything runs: unknown options, missing values, missing and extra arguments. Pure.
import type { Command } from 'cac'
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'

export type CommandShape = Pick<Command, 'name' | 'rawName' | 'args'> & {
  options: readonly Pick<Command['options'][number], 'rawName' | 'required' | 'isBoolean'>[]
}

/** What a TARGET can be. */
export const TARGET_FORMS = 'pid, port, project name or path, pid:N, port:N'
/** The actions of the commands that take one. */
const ACTIONS: Readonly<Record<string, string>> = {
  registry: 'list, register, touch, update or deregister',
  service: 'install, uninstall or status',
  autostart: 'on, off or status',
}
const HELP_WORDS = new Set(['-h', '--help'])
/** These can be given several times. */
const REPEATABLE = new Set(['--mode'])

/** Whether help is asked for; a word behind `--` is an argument. */
export function asksForHelp(words: readonly string[]): boolean {
  return beforeEnd(words).some((word) => HELP_WORDS.has(word))
}

/** Returns the arguments of the command, in order and without its options. AppError `wrong-use` with the first problem. */
export function readArguments(words: readonly string[], command: CommandShape): string[] {
  const args = [...readOptions(beforeEnd(words), command), ...words.slice(beforeEnd(words).length + 1)]
  const taken = command.args.length
  if (args.length < command.args.filter(({ required }) => required).length)
    throw wrong(missingArgument(command))
  if (args.length > taken) {
    const extra = args.slice(taken).map(visibleLine)
    throw wrong(`Unexpected argument${extra.length === 1 ? '' : 's'} ${extra.join(', ')}.`)
  }
  if (args.includes('')) throw wrong(emptyArgument(command))
  return args
}

/** AppError `wrong-use` for an action that the command does not have. */
export const unknownAction = (command: string, action: string): AppError =>
  wrong(`Unknown action ${visibleLine(action)}: use ${ACTIONS[command] ?? 'another one'}.`)

const wrong = (issue: string): AppError => new AppError('wrong-use', { issue })

function beforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--')
  return end === -1 ? words : words.slice(0, end)
}

/** Returns the words that are no options and no values of options. */
function readOptions(words: readonly string[], { options }: CommandShape): string[] {
  const find = (flag: string): CommandShape['options'][number] | undefined =>
    options.find(({ rawName }) => flagsOf(rawName).includes(flag))
  const seen = new Set<string>()
  const args: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) {
      args.push(word)
      continue
    }
    const [written = '', value] = splitAtEquals(word)
    for (const flag of flagsIn(written)) {
      const option = find(flag)
      if (!option) throw wrong(`Unknown option ${visibleLine(flag)}.`)
      if (seen.has(option.rawName) && !flagsOf(option.rawName).some((one) => REPEATABLE.has(one)))
        throw wrong(`${flag} can be given only once.`)
      seen.add(option.rawName)
      if (option.isBoolean === true && value !== undefined) throw wrong(`${flag} takes no value.`)
      if (option.required !== true) continue
      if (value !== undefined && value !== '') continue
      const next = words[at + 1]
      // One of several letters takes no value, as in `-fn`, unless it is the last.
      if (
        value === '' ||
        !written.endsWith(flag.replace(/^-+/, '')) ||
        next === undefined ||
        next.startsWith('-')
      )
        throw wrong(`${flag} needs a value: ${option.rawName}.`)
      at += 1
    }
  }
  return args
}

/** `-f, --follow` -> `-f`, `--follow`; `-n, --lines <lines>` -> `-n`, `--lines`. */
const flagsOf = (rawName: string): string[] => rawName.replace(/ [<[].*$/, '').split(', ')

/** The flags of one word: `--lines`, or each letter of `-fn`. */
const flagsIn = (written: string): string[] =>
  written.startsWith('--') || written === '-'
    ? [written]
    : [...written.slice(1)].map((letter) => `-${letter}`)

function splitAtEquals(word: string): [string, string?] {
  const at = word.indexOf('=')
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)]
}

function missingArgument({ name, args }: CommandShape): string {
  if (args[0]?.value === 'action') return `Missing action: use ${ACTIONS[name] ?? 'one of its actions'}.`
  return `Missing TARGET (${TARGET_FORMS}). Run \`serena-deck list\` to see all instances.`
}

const emptyArgument = ({ name, args }: CommandShape): string =>
  args[0]?.value === 'action'
    ? `An argument is empty: use ${ACTIONS[name] ?? 'one of its actions'}.`
    : `TARGET is empty (${TARGET_FORMS}). Run \`serena-deck list\` to see all instances.`
