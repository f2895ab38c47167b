// The buttons of the configuration dialog: for the text, for the preview, or the question whether to discard changes.
import { type JSX, Match, Switch } from 'solid-js'
import type { ConfigurationState } from './create-configuration.ts'

export function ConfigurationFooter(props: {
  configuration: ConfigurationState
  isClosing: boolean
  /** Closes the dialog, after a question if there are unsaved changes. */
  onClose: () => void
  /** Closes the dialog without saving. */
  onDiscard: () => void
  onStay: () => void
}): JSX.Element {
  const isBusy = (): boolean => props.configuration.action.isBusy()
  const status = (): JSX.Element => (
    <span class="spacer muted">{props.configuration.isDirty() ? 'Unsaved changes' : ''}</span>
  )
  return (
    <Switch
      fallback={
        <>
          {status()}
          <button type="button" class="button" onClick={() => props.onClose()}>
            Close
          </button>
          <button
            type="button"
            class="button button--primary"
            disabled={!props.configuration.isDirty() || isBusy()}
            onClick={() => props.configuration.showPreview()}
          >
            Review changes
          </button>
        </>
      }
    >
      <Match when={props.isClosing}>
        <DiscardButtons onStay={props.onStay} onDiscard={props.onDiscard} />
      </Match>
      <Match when={props.configuration.preview()}>
        {(preview) => (
          <>
            {status()}
            <button type="button" class="button" onClick={() => props.configuration.closePreview()}>
              Back to editing
            </button>
            <button
              type="button"
              class="button button--primary"
              disabled={preview().problem !== null || isBusy()}
              onClick={() => props.configuration.save()}
            >
              Save
            </button>
          </>
        )}
      </Match>
    </Switch>
  )
}

function DiscardButtons(props: { onStay: () => void; onDiscard: () => void }): JSX.Element {
  return (
    <>
      <span class="spacer">Discard unsaved changes?</span>
      <button type="button" class="button" onClick={() => props.onStay()}>
        Cancel
      </button>
      <button type="button" class="button button--danger" onClick={() => props.onDiscard()}>
        Discard
      </button>
    </>
  )
}
