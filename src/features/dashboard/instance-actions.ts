// The actions on one instance.

import { endingTitle } from '#contract/ending-words'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { messageOf } from '../../client/call-error.ts'
import type { PageContext } from '../../state/page-context.ts'
import { shortPath } from '../../state/short-path.ts'

export interface InstanceActions {
  editConfiguration(): void
  /** Opens the folder in the file manager; if there is none, copies its path. */
  reveal(place: 'project' | 'log'): void
  shutDown(): void
  end(): void
}

export function createInstanceActions(page: PageContext, instance: () => Instance): InstanceActions {
  const params = (): { id: string } => ({ id: instance().id })
  return {
    editConfiguration: () =>
      page.open({
        kind: 'configuration',
        instanceId: instance().id,
        instanceTitle: instance().title,
      }),
    reveal(place) {
      page.backend.call('reveal', { params: params(), body: { place } }).then(
        ({ isShown, path }) =>
          isShown
            ? page.announce(`Opened ${shortPath(path)}.`)
            : page.copy(path, 'the path because no file manager is available'),
        (error: unknown) => page.announce(messageOf(error)),
      )
    },
    shutDown: () =>
      page.open({
        kind: 'confirm',
        title: `Shut down ${visibleLine(instance().title)}?`,
        text: 'Serena stops its language servers and exits. Its client loses these tools until it starts a new instance.',
        action: 'Shut down',
        run: async () => {
          const title = visibleLine(instance().title)
          const { hasEnded } = await page.backend.call('shutdown', { params: params(), body: {} })
          page.changed(
            hasEnded ? `${title} has exited.` : `${title} received the request but is still running.`,
          )
        },
      }),
    end: () => page.open({ kind: 'ending', title: endingTitle([instance()]), ids: [instance().id] }),
  }
}
