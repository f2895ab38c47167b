// The button of a message that undoes the change.
import { messageOf } from '../client/call-error.ts'
import type { PageContext, ToastAction } from './page-context.ts'

/** `undo` rejects with a CallError if the change cannot be undone any more. */
export const undoOf = (
  page: Pick<PageContext, 'announce' | 'changed'>,
  undo: () => Promise<unknown>,
): ToastAction => ({
  label: 'Undo',
  run: () =>
    undo().then(
      () => page.changed('Undone.'),
      (error: unknown) => page.announce(messageOf(error)),
    ),
})
