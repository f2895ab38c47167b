// Edits Serena's global configuration. Secrets are masked by the backend and never sent to the page.
import { type JSX, Show, untrack } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { createCloseQuestion } from '../../state/close-question.ts'
import { usePage } from '../../state/page-context.ts'
import { ConnectionNote } from '../../ui/connection-note.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Diff } from '../../ui/diff.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { LoadingNote } from '../../ui/loading-note.tsx'
import { Note } from '../../ui/note.tsx'
import { ConfigurationFooter } from './configuration-footer.tsx'
import { type ConfigurationState, createConfiguration } from './create-configuration.ts'
import { YamlEditor } from './yaml-editor.tsx'

export function ConfigurationDialog(props: {
  instanceId: string
  instanceTitle: string
  /** What was typed before and discarded. */
  draft?: string
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const configuration = untrack(() => createConfiguration(props.instanceId, props.draft))
  const question = createCloseQuestion(configuration.isDirty, () => props.onClose())
  const discard = (): void => {
    const { instanceId, instanceTitle } = untrack(() => ({ ...props }))
    const dialog = { kind: 'configuration', instanceId, instanceTitle, draft: configuration.text() } as const
    props.onClose()
    page.announce('Discarded the changes.', { label: 'Undo', run: () => page.open(dialog) })
  }
  return (
    <Dialog
      title={`Serena configuration of ${visibleLine(props.instanceTitle)}`}
      isWide
      onClose={question.close}
      footer={
        <ConfigurationFooter
          configuration={configuration}
          isClosing={question.isAsked()}
          onClose={question.close}
          onDiscard={discard}
          onStay={question.stay}
        />
      }
    >
      <p class="muted">
        Secrets are masked and stay unchanged. A backup of the old file is kept. Running instances use the new
        values after a restart.
      </p>
      <ErrorNote error={configuration.action.error()} />
      <ConnectionNote
        connection={page.connection()}
        unsavedText={configuration.isDirty() ? configuration.text() : null}
        hasFailed={configuration.action.error() !== null}
        onCopy={(text) => page.copy(text, 'the unsaved text')}
      />
      <TextOrPreview configuration={configuration} />
    </Dialog>
  )
}

function TextOrPreview(props: { configuration: ConfigurationState }): JSX.Element {
  return (
    <>
      <Show when={props.configuration.preview()?.problem}>
        {(problem) => <Note tone="error">{visibleLine(problem())}</Note>}
      </Show>
      <Show
        when={props.configuration.preview()}
        fallback={
          <Show
            when={props.configuration.isLoaded()}
            fallback={<LoadingNote isLoading={props.configuration.action.error() === null} />}
          >
            <YamlEditor
              label="Configuration"
              text={props.configuration.text()}
              onText={props.configuration.setText}
              fieldRef={focusEditor}
            />
          </Show>
        }
      >
        {(preview) => <Diff lines={preview().diff} />}
      </Show>
    </>
  )
}

/** Focuses the start of the text, unless the user has moved the focus inside the dialog. */
const focusEditor = (field: HTMLTextAreaElement): void =>
  queueMicrotask(() => {
    if (document.activeElement !== field.closest('[role=dialog]')) return
    field.focus()
    field.setSelectionRange(0, 0)
  })
