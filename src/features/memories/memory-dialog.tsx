// Reads, edits, renames and deletes a memory.
import { createSignal, type JSX, onMount, Show, untrack } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import { ConnectionNote } from '../../ui/connection-note.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Note } from '../../ui/note.tsx'
import { createMemory, type MemoryState } from './create-memory.ts'
import { MemoryFooter, type MemoryQuestion } from './memory-footer.tsx'

export function MemoryDialog(props: {
  instanceId: string
  instanceTitle: string
  /** Null: a new memory. */
  name: string | null
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const memory = untrack(() => createMemory(props.instanceId, props.name))
  const [askedQuestion, setAskedQuestion] = createSignal<MemoryQuestion | null>(null)
  let nameField: HTMLInputElement | undefined
  let field: HTMLTextAreaElement | undefined
  // A save that has finished since makes the question obsolete.
  const question = (): MemoryQuestion | null =>
    askedQuestion() === 'discard' && !memory.isDirty() ? null : askedQuestion()
  const close = (): void => {
    if (memory.isDirty() && question() !== 'discard') setAskedQuestion('discard')
    else props.onClose()
  }
  onMount(() => memory.load(() => field?.setSelectionRange(0, 0)))
  return (
    <Dialog
      title={titleOf(props)}
      isWide
      firstFocus={() => (props.name === null ? nameField : field)}
      onClose={close}
      footer={
        <MemoryFooter
          memory={memory}
          question={question()}
          onQuestion={setAskedQuestion}
          onClose={close}
          onDiscard={props.onClose}
        />
      }
    >
      <NameField memory={memory} isNew={props.name === null} ref={(element) => (nameField = element)} />
      <ErrorNote error={memory.action.error()} />
      <ConnectionNote
        connection={page.connection()}
        unsavedText={memory.isDirty() ? memory.text() : null}
        hasFailed={memory.action.error() !== null}
        onCopy={(text) => page.copy(text, 'the unsaved text')}
      />
      <Show when={memory.isLoaded() || memory.action.error() === null}>
        <textarea
          class="editor"
          aria-label="Content"
          ref={(element) => (field = element)}
          spellcheck={false}
          readOnly={!memory.isLoaded()}
          value={memory.text()}
          onInput={(event) => memory.setText(event.currentTarget.value)}
        />
      </Show>
    </Dialog>
  )
}

const titleOf = ({ name, instanceTitle }: { name: string | null; instanceTitle: string }): string =>
  name === null ? `New memory in ${visibleLine(instanceTitle)}` : `Memory ${visibleLine(name)}`

function NameField(props: {
  memory: MemoryState
  isNew: boolean
  ref: (element: HTMLInputElement) => void
}): JSX.Element {
  return (
    <>
      <label class="labeled">
        Name
        <input
          class="input mono"
          ref={(element) => props.ref(element)}
          value={props.memory.name()}
          aria-invalid={props.memory.nameProblem() !== null}
          placeholder="style/conventions"
          onInput={(event) => props.memory.setName(event.currentTarget.value)}
        />
      </label>
      <Show when={props.isNew}>
        <p class="muted">
          Choose a name that describes the content. Use <code class="mono">/</code> to separate folders. Names
          that start with <code class="mono">global/</code> are shared by all projects.
        </p>
      </Show>
      <Show when={props.memory.nameProblem()}>{(problem) => <Note tone="warning">{problem()}</Note>}</Show>
    </>
  )
}
