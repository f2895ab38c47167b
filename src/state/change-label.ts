// Changes what is kept for the project of an instance, with an undo.
import type { Instance } from '#contract/instance'
import { type ProjectLabel, type ProjectLabelChange } from '#contract/project-label'
import { visibleLine } from '#contract/visible-text'
import { messageOf } from '../client/call-error.ts'
import type { PageContext } from './page-context.ts'
import { undoOf } from './undo.ts'

type Page = Pick<PageContext, 'backend' | 'announce' | 'changed'>

/** Returns what is kept for the instance's project. */
export const labelOf = ({ label, note, isLeftAlone }: Instance): ProjectLabel => ({
  label: label ?? null,
  note: note ?? null,
  isLeftAlone: isLeftAlone === true,
})

/** Saves the change and announces the sentence with an undo. Rejects with a CallError. */
export async function changeLabel(
  page: Page,
  instance: Instance,
  change: ProjectLabelChange,
  sentence: string,
): Promise<void> {
  const before = labelOf(instance)
  const params = { id: instance.id }
  await page.backend.call('setLabel', { params, body: change })
  page.announce(
    sentence,
    undoOf(page, () => page.backend.call('setLabel', { params, body: before })),
  )
}

/** Switches "leave alone" of the instance's project. */
export function toggleLeftAlone(page: Page, instance: Instance): Promise<void> {
  const isLeftAlone = instance.isLeftAlone !== true
  const name = visibleLine(instance.project?.name ?? instance.title)
  const sentence = isLeftAlone
    ? `${name} is left alone: its instances are ended only by name.`
    : `${name} is no longer left alone.`
  return changeLabel(page, instance, { isLeftAlone }, sentence).catch((error: unknown) =>
    page.announce(messageOf(error)),
  )
}
