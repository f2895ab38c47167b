// The help of one command, and of one action of `registry`, `service` and `autostart`. Pure.
import type { Command } from 'cac'

interface Section {
  title?: string
  body: string
}
interface ActionHelp {
  usage: string
  sentence: string
  /** Its options by their flags, besides `--json` and `--help`. */
  options?: readonly string[]
}

const ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionHelp>>>> = {
  registry: {
    list: { usage: 'list', sentence: 'List the entries of the shared registry.' },
    register: {
      usage: 'register <pid>',
      sentence: 'Register the running process PID in the shared registry.',
      options: ['--home', '--port', '--project', '--path', '--context', '--mode'],
    },
    touch: { usage: 'touch <target>', sentence: 'Confirm that the entry of TARGET is still valid.' },
    update: {
      usage: 'update <target>',
      sentence: 'Change the entry of TARGET.',
      options: ['--port', '--project', '--path', '--context', '--mode'],
    },
    deregister: { usage: 'deregister <target>', sentence: 'Remove the entry of TARGET.' },
  },
  service: {
    install: { usage: 'install', sentence: 'Install and start the service.' },
    uninstall: { usage: 'uninstall', sentence: 'Stop and remove the service.' },
    status: { usage: 'status', sentence: 'Show whether the service is installed and running.' },
  },
  autostart: {
    on: { usage: 'on', sentence: 'Start Serena Deck hidden at login.' },
    off: { usage: 'off', sentence: 'Do not start Serena Deck at login any more.' },
    status: { usage: 'status', sentence: 'Show whether Serena Deck starts at login.' },
  },
}

/** Whether the command has that action. */
export const hasAction = (command: string, action: string): boolean =>
  Object.hasOwn(ACTIONS, command) && Object.hasOwn(ACTIONS[command] ?? {}, action)

/** Removes the spaces at the end of every line. */
const trimmed = ({ body, ...rest }: Section): Section => ({ ...rest, body: body.replace(/ +$/gm, '') })

/** The help of a command with its description below the name; `action`: the help of that action, if the command has it. */
export function helpOfCommand(
  sections: readonly Section[],
  { name, description }: Pick<Command, 'name' | 'description'>,
  action: string | undefined,
): Section[] {
  const actions = ACTIONS[name] ?? {}
  const chosen = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const [head, ...others] = sections.map(trimmed)
  const sentence = { body: chosen?.sentence ?? `${description}.` }
  const list = chosen === undefined ? actionList(actions) : []
  const [usage, ...rest] = others.map((section) => (chosen ? ofAction(section, name, chosen) : section))
  return [head, sentence, usage, ...list, ...rest].filter((section) => section !== undefined)
}

/** The help of the whole program. */
export const helpOfProgram = (sections: readonly Section[]): Section[] => sections.map(trimmed)

function actionList(actions: Readonly<Record<string, ActionHelp>>): Section[] {
  const all = Object.values(actions)
  if (all.length === 0) return []
  const width = Math.max(...all.map(({ usage }) => usage.length))
  return [
    {
      title: 'Actions',
      body: all
        .map(({ usage, sentence }) => `  ${usage.padEnd(width)}  ${sentence.replace(/\.$/, '')}`)
        .join('\n'),
    },
  ]
}

function ofAction(section: Section, name: string, { usage, options = [] }: ActionHelp): Section {
  if (section.title === 'Usage') return { ...section, body: `  $ serena-deck ${name} ${usage} [options]` }
  if (section.title !== 'Options') return section
  const shown = [...options, '--json', '-h,']
  const lines = section.body.split('\n').filter((line) => shown.includes(line.trim().split(' ')[0] ?? ''))
  // The command's help says of which actions an option is; here that is clear.
  return { ...section, body: lines.map((line) => line.replace(/(register|update)(, \w+)?: /, '')).join('\n') }
}
