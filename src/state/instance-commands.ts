// What can be done with one instance, as data: for its menu, and for every other place that offers the same.
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { messageOf } from '../client/call-error.ts'
import { toggleLeftAlone } from './change-label.ts'
import type { Editors } from './load-editors.ts'
import type { PageContext } from './page-context.ts'

export interface InstanceCommand {
  id: string
  label: string
  run: () => void
}

/** Returns the command that brings its client to the front; none without a visible client. */
export function jumpCommands(
  page: PageContext,
  { id, owner, clients = [], state }: Instance,
): InstanceCommand[] {
  const hasClient = owner !== null || clients.some(({ pid }) => pid !== undefined)
  if (!hasClient || state === 'dead') return []
  const run = (): void =>
    void page.backend.call('jump', { params: { id }, body: {} }).then(
      ({ text }) => page.announce(visibleLine(text)),
      (error: unknown) => page.announce(messageOf(error)),
    )
  return [{ id: 'jump', label: 'Go to its terminal or editor', run }]
}

/** Returns the commands about the project of an instance; none while its folder is not known. */
export function projectCommands(page: PageContext, instance: Instance): InstanceCommand[] {
  if (!instance.project?.path) return []
  return [
    {
      id: 'label',
      label: 'Label and note …',
      run: () => page.open({ kind: 'label', instanceId: instance.id }),
    },
    {
      id: 'leave-alone',
      label: instance.isLeftAlone ? 'Stop leaving it alone' : 'Leave it alone',
      run: () => void toggleLeftAlone(page, instance),
    },
  ]
}

/** Returns the commands that copy something about an instance. */
export function copyCommands(
  page: PageContext,
  instance: Instance,
  /** Null: it has no dashboard. */
  dashboardUrl: string | null,
): InstanceCommand[] {
  const { id, pid, port, project, owner, title, state } = instance
  const copy = (name: string, label: string, text: string | null): InstanceCommand[] =>
    text === null
      ? []
      : [{ id: `copy-${name}`, label, run: () => page.copy(text, `the ${lowerFirst(label)}`) }]
  return [
    ...copy('pid', 'Process ID', pid === null ? null : String(pid)),
    ...copy('port', 'Port', port === null ? null : String(port)),
    ...copy('url', 'Dashboard URL', dashboardUrl),
    ...copy('path', 'Project path', project?.path ?? null),
    ...(state === 'dead' || state === 'leftover'
      ? []
      : [
          { id: 'copy-command', label: 'Command line', run: () => void copyCommandLine(page, id) },
          {
            id: 'snippet',
            label: 'MCP configuration …',
            run: () =>
              page.open({
                kind: 'snippet',
                instanceId: id,
                instanceTitle: title,
                client: owner?.name ?? null,
              }),
          },
        ]),
  ]
}

/** `Dashboard URL` -> `dashboard URL`. */
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

async function copyCommandLine(page: PageContext, id: string): Promise<void> {
  try {
    const { command } = await page.backend.call('launch', { params: { id } })
    if (command === null) page.announce('The command line is not known.')
    else page.copy(command, 'the command line')
  } catch (error) {
    page.announce(messageOf(error))
  }
}

/** At most this number of editors is offered: the preferred one is the first. */
const MAX_EDITORS = 3

/** Returns the commands that open the project's folder in an installed editor. */
export function editorCommands(
  page: PageContext,
  { id, project }: Instance,
  editors: Editors,
): InstanceCommand[] {
  if (!project?.path) return []
  const open = async (editor: Editors[number]): Promise<void> => {
    try {
      const { isShown } = await page.backend.call('openInEditor', {
        params: { id },
        body: { editor: editor.id },
      })
      page.announce(isShown ? `Opened the folder in ${editor.name}.` : `${editor.name} did not start.`)
    } catch (error) {
      page.announce(messageOf(error))
    }
  }
  return editors.slice(0, MAX_EDITORS).map((editor) => ({
    id: `editor-${editor.id}`,
    label: `Open folder in ${editor.name}`,
    run: () => void open(editor),
  }))
}
