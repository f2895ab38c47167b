// Serena's global configuration: edit, look at what would change, save. Its secrets are masked and never come here.
import { createSignal, type JSX, onMount, Show } from 'solid-js'
import { createAction } from '../../state/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { Waiting } from '../answer-notes.tsx'
import { ConnectionNote } from '../connection-note.tsx'
import { Failure } from '../failure.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { Diff } from './diff.tsx'
import { YamlEditor } from './yaml-editor.tsx'

interface Preview {
  diff: string[]
  hash: string
  problem: string | null
}

export function ConfigurationDialog(props: {
  instanceId: string
  instanceTitle: string
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [saved, setSaved] = createSignal<{ text: string; etag: string } | null>(null)
  const [text, setText] = createSignal('')
  const [preview, setPreview] = createSignal<Preview | null>(null)
  const [isClosing, setIsClosing] = createSignal(false)
  const params = (): { id: string } => ({ id: props.instanceId })
  const isDirty = (): boolean => saved() !== null && text() !== saved()?.text

  onMount(() => {
    void action.run(async () => {
      const configuration = await page.backend.call('configuration', { params: params() })
      setSaved(configuration)
      setText(configuration.text)
    })
  })
  const body = (): { text: string; etag: string } => ({ text: text(), etag: saved()?.etag ?? '' })
  const look = (): void => {
    void action.run(async () => {
      setPreview(await page.backend.call('previewConfiguration', { params: params(), body: body() }))
    })
  }
  const save = (): void => {
    void action.run(async () => {
      const hash = preview()?.hash ?? null
      setSaved(await page.backend.call('saveConfiguration', { params: params(), body: { ...body(), hash } }))
      setPreview(null)
      page.changed('Saved the configuration. Serenas that run already use it after a restart.')
    })
  }
  /** Once it is there, unless the person went elsewhere meanwhile; the text is read from its start. */
  const writeAtOnce = (field: HTMLTextAreaElement): void =>
    queueMicrotask(() => {
      const dialog = field.closest('[role=dialog]')
      if (dialog?.querySelector('header')?.contains(document.activeElement) === false) return
      field.focus()
      field.setSelectionRange(0, 0)
    })
  const close = (): void => {
    if (isDirty() && !isClosing()) setIsClosing(true)
    else props.onClose()
  }

  return (
    <Dialog
      title={`Serena's configuration, as ${shown(props.instanceTitle)} has it`}
      isWide
      onClose={close}
      footer={
        <Show
          when={!isClosing()}
          fallback={
            <>
              <span class="spacer">Throw away what you typed?</span>
              <button type="button" class="button" onClick={() => setIsClosing(false)}>
                No
              </button>
              <button type="button" class="button button--danger" onClick={() => props.onClose()}>
                Throw away
              </button>
            </>
          }
        >
          <span class="spacer muted">{isDirty() ? 'Not saved yet' : ''}</span>
          <Show
            when={preview()}
            fallback={
              <>
                <button type="button" class="button" onClick={close}>
                  Close
                </button>
                <button
                  type="button"
                  class="button button--primary"
                  disabled={!isDirty() || action.isBusy()}
                  onClick={look}
                >
                  Look at the changes
                </button>
              </>
            }
          >
            {(shownPreview) => (
              <>
                <button type="button" class="button" onClick={() => setPreview(null)}>
                  Back to the text
                </button>
                <button
                  type="button"
                  class="button button--primary"
                  disabled={shownPreview().problem !== null || action.isBusy()}
                  onClick={save}
                >
                  Save
                </button>
              </>
            )}
          </Show>
        </Show>
      }
    >
      <p class="muted">
        Secrets are masked and stay as they are. A copy of the old file is kept. Serenas that run already use
        the new values after a restart.
      </p>
      <Failure error={action.error()} />
      <ConnectionNote text={isDirty() ? text() : null} hasFailed={action.error() !== null} />
      <Show when={preview()?.problem}>{(problem) => <Note tone="error">{shown(problem())}</Note>}</Show>
      <Show
        when={preview()}
        fallback={
          <Show
            when={saved() !== null}
            fallback={<Waiting isWaiting={action.error() === null} words="Reading …" />}
          >
            <YamlEditor label="Configuration" text={text()} onText={setText} fieldRef={writeAtOnce} />
          </Show>
        }
      >
        {(shownPreview) => <Diff lines={shownPreview().diff} />}
      </Show>
    </Dialog>
  )
}
