// Reads, edits, renames and deletes a memory.
import { createSignal, type JSX, onMount, Show, untrack } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { createCloseQuestion } from '../../state/close-question.ts'
import { usePage } from '../../state/page-context.ts'
import { ConnectionNote } from '../../ui/connection-note.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Note } from '../../ui/note.tsx'
import { createMemory, type MemoryDraft, type MemoryState } from './create-memory.ts'
import { MemoryFooter, type MemoryQuestion } from './memory-footer.tsx'

export function MemoryDialog(props: {
  instanceId: string
  instanceTitle: string
  /** Null: a new memory. */
  name: string | null
  /** What was typed before and discarded. */
  draft?: MemoryDraft
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const memory = untrack(() => createMemory(props.instanceId, props.name, props.draft))
  const asking = createQuestion(memory, () => props.onClose())
  let nameField: HTMLInputElement | undefined
  let field: HTMLTextAreaElement | undefined
  const discard = (): void => {
    const { instanceId, instanceTitle, name } = untrack(() => ({ ...props }))
    const draft = { name: memory.name(), text: memory.text() }
    const dialog = { kind: 'memory', instanceId, instanceTitle, name, draft } as const
    props.onClose()
    page.announce('Discarded the changes.', { label: 'Undo', run: () => page.open(dialog) })
  }
  onMount(() => memory.load(() => field?.setSelectionRange(0, 0)))
  return (
    <Dialog
      title={titleOf(props)}
      isWide
      firstFocus={() => (props.name === null ? nameField : field)}
      onClose={asking.close}
      footer={
        <MemoryFooter
          memory={memory}
          question={asking.question()}
          onDelete={asking.askDelete}
          onStay={asking.stay}
          onClose={asking.close}
          onRemoved={props.onClose}
          onDiscard={discard}
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
        <Content memory={memory} ref={(element) => (field = element)} />
      </Show>
    </Dialog>
  )
}

/** The question before typed text is discarded or the memory is deleted. */
function createQuestion(memory: MemoryState, onClose: () => void) {
  const discarding = createCloseQuestion(memory.isDirty, onClose)
  const [isDeleting, setIsDeleting] = createSignal(false)
  return {
    question: (): MemoryQuestion | null => {
      if (isDeleting()) return 'delete'
      return discarding.isAsked() ? 'discard' : null
    },
    askDelete: () => void setIsDeleting(true),
    close(): void {
      setIsDeleting(false)
      discarding.close()
    },
    stay(): void {
      setIsDeleting(false)
      discarding.stay()
    },
  }
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

function Content(props: { memory: MemoryState; ref: (element: HTMLTextAreaElement) => void }): JSX.Element {
  return (
    <textarea
      class="editor"
      aria-label="Content"
      ref={(element) => props.ref(element)}
      spellcheck={false}
      readOnly={!props.memory.isLoaded()}
      value={props.memory.text()}
      onInput={(event) => props.memory.setText(event.currentTarget.value)}
    />
  )
}
