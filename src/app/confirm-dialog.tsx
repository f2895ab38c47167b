// Asks for confirmation, runs the action, and shows its error.
import type { JSX } from 'solid-js'
import { createAction } from '../state/action.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-note.tsx'

export function ConfirmDialog(props: {
  title: string
  text: string
  /** Label of the button. */
  action: string
  run: () => Promise<unknown>
  onClose: () => void
}): JSX.Element {
  const action = createAction()
  const confirm = async (): Promise<void> => {
    if (await action.run(() => props.run())) props.onClose()
  }
  return (
    <Dialog
      title={props.title}
      onClose={() => props.onClose()}
      footer={
        <>
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button
            type="button"
            class="button button--ending"
            disabled={action.isBusy()}
            onClick={() => void confirm()}
          >
            {action.isBusy() ? 'Working …' : props.action}
          </button>
        </>
      }
    >
      <p>{props.text}</p>
      <ErrorNote error={action.error()} />
    </Dialog>
  )
}
