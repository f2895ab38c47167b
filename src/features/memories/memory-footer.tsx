// The buttons of the memory dialog, or its question before text is discarded or a memory is deleted.
import { type JSX, Show } from 'solid-js'
import type { MemoryState } from './create-memory.ts'

export type MemoryQuestion = 'discard' | 'delete'

interface FooterProps {
  memory: MemoryState
  question: MemoryQuestion | null
  /** Asks whether to delete the memory. */
  onDelete: () => void
  /** The question is answered with no. */
  onStay: () => void
  /** Closes the dialog, after a question if there are unsaved changes. */
  onClose: () => void
  /** The memory is deleted. */
  onRemoved: () => void
  /** Closes the dialog without saving. */
  onDiscard: () => void
}

export function MemoryFooter(props: FooterProps): JSX.Element {
  return (
    <Show when={props.question} fallback={<Buttons {...props} />}>
      {(question) => <Question {...props} question={question()} />}
    </Show>
  )
}

function Buttons(props: FooterProps): JSX.Element {
  return (
    <>
      <Show when={props.memory.saved() !== null}>
        <button type="button" class="button button--danger" onClick={() => props.onDelete()}>
          Delete …
        </button>
      </Show>
      <span class="spacer muted">{props.memory.hasChanges() ? 'Unsaved changes' : ''}</span>
      <button type="button" class="button" onClick={() => props.onClose()}>
        Close
      </button>
      <button
        type="button"
        class="button button--primary"
        disabled={!props.memory.canSave()}
        onClick={() => props.memory.save()}
      >
        {props.memory.action.isBusy() ? 'Working …' : 'Save'}
      </button>
    </>
  )
}

function Question(props: FooterProps & { question: MemoryQuestion }): JSX.Element {
  const isDelete = (): boolean => props.question === 'delete'
  return (
    <>
      <span class="spacer">
        {isDelete() ? 'Permanently delete this memory?' : 'Discard unsaved changes?'}
      </span>
      <button type="button" class="button" onClick={() => props.onStay()}>
        Cancel
      </button>
      <button
        type="button"
        class="button button--danger"
        disabled={props.memory.action.isBusy()}
        onClick={() => (isDelete() ? props.memory.remove(props.onRemoved) : props.onDiscard())}
      >
        {isDelete() ? 'Delete' : 'Discard'}
      </button>
    </>
  )
}
