// One memory, opened: read, edit, rename, delete. What is typed stays until the person lets it go.
import { createSignal, type JSX, onMount, Show, untrack } from 'solid-js'
import { memoryNameProblem } from '#contract/memory-name'
import { CallError } from '../../client/backend.ts'
import { createAction } from '../../state/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { ConnectionNote } from '../connection-note.tsx'
import { Failure } from '../failure.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'

export function MemoryDialog(props: {
  instanceId: string
  instanceTitle: string
  name: string | null
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [name, setName] = createSignal(untrack(() => props.name) ?? '')
  /** The name and content on the instance; null: there is none yet. */
  const [saved, setSaved] = createSignal<{ name: string; content: string } | null>(null)
  const [text, setText] = createSignal('')
  const [asked, setQuestion] = createSignal<'discard' | 'delete' | null>(null)
  let nameField: HTMLInputElement | undefined
  let field: HTMLTextAreaElement | undefined
  const params = (): { id: string } => ({ id: props.instanceId })
  const isLoaded = (): boolean => props.name === null || saved() !== null
  const isDirty = (): boolean => isLoaded() && text() !== (saved()?.content ?? '')
  // A save that was under way may have answered the question by itself.
  const question = () => (asked() === 'discard' && !isDirty() ? null : asked())
  const isRenamed = (): boolean => saved() !== null && name() !== saved()?.name
  const nameProblem = (): string | null => (name() === '' ? null : memoryNameProblem(name()))

  const load = (): void => {
    const wanted = props.name
    if (wanted === null) return
    void action.run(async () => {
      const memory = await page.backend.call('memory', { params: params(), query: { name: wanted } })
      setSaved(memory)
      setText(memory.content)
      field?.setSelectionRange(0, 0)
    })
  }
  onMount(load)

  const save = (): void => {
    void action.run(async () => {
      const before = saved()
      if (before !== null && isRenamed()) {
        await page.backend.call('renameMemory', { params: params(), body: { from: before.name, to: name() } })
        setSaved({ name: name(), content: before.content })
      }
      const content = text()
      if (before === null || isDirty()) {
        const body = { name: name(), content, basedOn: saved()?.content ?? null }
        const readBack = await page.backend.call('saveMemory', { params: params(), body })
        setSaved(readBack)
        if (readBack.content !== content)
          throw new CallError(
            'read-back',
            'The instance reads the memory back differently than it was saved.',
            'Your text is still here: look at the memory again before you save it once more.',
          )
      }
      page.changed(`Saved ${shown(name())}.`)
    })
  }
  const remove = (): void => {
    void action
      .run(() => page.backend.call('deleteMemory', { params: params(), body: { name: saved()?.name ?? '' } }))
      .then((isDone) => {
        if (!isDone) return
        page.changed(`Deleted ${shown(saved()?.name ?? '')}.`)
        props.onClose()
      })
  }
  const close = (): void => {
    if (isDirty() && question() !== 'discard') setQuestion('discard')
    else props.onClose()
  }

  return (
    <Dialog
      title={
        props.name === null ? `New memory of ${shown(props.instanceTitle)}` : `Memory ${shown(props.name)}`
      }
      isWide
      firstFocus={() => (props.name === null ? nameField : field)}
      onClose={close}
      footer={
        <Show
          when={question()}
          fallback={
            <>
              <Show when={saved() !== null}>
                <button type="button" class="button button--danger" onClick={() => setQuestion('delete')}>
                  Delete …
                </button>
              </Show>
              <span class="spacer muted">{isDirty() || isRenamed() ? 'Not saved yet' : ''}</span>
              <button type="button" class="button" onClick={close}>
                Close
              </button>
              <button
                type="button"
                class="button button--primary"
                disabled={
                  action.isBusy() ||
                  !isLoaded() ||
                  name() === '' ||
                  nameProblem() !== null ||
                  (saved() !== null && !isDirty() && !isRenamed())
                }
                onClick={save}
              >
                {action.isBusy() ? 'Working …' : 'Save'}
              </button>
            </>
          }
        >
          <span class="spacer">
            {question() === 'delete' ? 'Delete this memory for good?' : 'Throw away what you typed?'}
          </span>
          <button type="button" class="button" onClick={() => setQuestion(null)}>
            No
          </button>
          <button
            type="button"
            class="button button--danger"
            disabled={action.isBusy()}
            onClick={() => (question() === 'delete' ? remove() : props.onClose())}
          >
            {question() === 'delete' ? 'Delete' : 'Throw away'}
          </button>
        </Show>
      }
    >
      <label class="labelled">
        Name
        <input
          class="input mono"
          ref={(element) => (nameField = element)}
          value={name()}
          aria-invalid={nameProblem() !== null}
          placeholder="style/conventions"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <Show when={props.name === null}>
        <p class="muted">
          Say what is in it. A <code class="mono">/</code> makes folders; what begins with{' '}
          <code class="mono">global/</code> is there for every project.
        </p>
      </Show>
      <Show when={nameProblem()}>{(problem) => <Note tone="warning">{problem()}</Note>}</Show>
      <Failure error={action.error()} />
      <ConnectionNote text={isDirty() ? text() : null} hasFailed={action.error() !== null} />
      <Show when={isLoaded() || action.error() === null}>
        <textarea
          class="editor"
          aria-label="Content"
          ref={(element) => (field = element)}
          spellcheck={false}
          readOnly={!isLoaded()}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </Show>
    </Dialog>
  )
}
