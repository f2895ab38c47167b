// `label`, `note`, `leave-alone`: what the user keeps for the project of an instance.
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { type ProjectLabel, type ProjectLabelChange, projectLabelChangeSchema } from '#contract/project-label'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { findInstance, withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({ json: switchFlag })

export type LabelCommand = 'label' | 'note' | 'leave-alone'

/** Runs `label TARGET TEXT`, `note TARGET TEXT` or `leave-alone TARGET on|off`. */
export async function runLabel(
  command: LabelCommand,
  [target = '', text = '']: readonly (string | undefined)[],
  flags: unknown,
  terminal: Terminal,
): Promise<void> {
  const { json } = parseFlags(flagsSchema, flags)
  const change = changeOf(command, text)
  await withSource(terminal, async (source) => {
    const instance = await findInstance(source, target, terminal)
    const label = await source.setLabel(instance.id, change)
    const project = instance.project?.name ?? ''
    terminal.write(
      json
        ? `${JSON.stringify({ schema: COMMAND_VERSION, project: instance.project?.path, ...label })}\n`
        : `${sentenceOf(command, visibleLine(project), label)}\n`,
    )
  })
}

/** An empty text removes label or note. AppError `wrong-use`. */
function changeOf(command: LabelCommand, text: string): ProjectLabelChange {
  if (command === 'leave-alone') {
    if (text !== 'on' && text !== 'off') throw new AppError('wrong-use', { issue: 'Use on or off.' })
    return { isLeftAlone: text === 'on' }
  }
  const parsed = z.safeParse(projectLabelChangeSchema, { [command]: text === '' ? null : text })
  if (parsed.success) return parsed.data
  throw new AppError('wrong-use', {
    issue:
      command === 'label'
        ? 'A label is one line of at most 60 characters.'
        : 'A note has at most 2000 characters.',
  })
}

function sentenceOf(
  command: LabelCommand,
  project: string,
  { label, note, isLeftAlone }: ProjectLabel,
): string {
  if (command === 'leave-alone')
    return isLeftAlone
      ? `${project} is left alone: its instances are ended only by name.`
      : `${project} is no longer left alone.`
  const text = command === 'label' ? label : note
  const what = command === 'label' ? 'Label' : 'Note'
  return text === null ? `${what} of ${project} removed.` : `${what} of ${project}: ${visibleLine(text)}`
}
