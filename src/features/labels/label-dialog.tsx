// Label, note and "leave alone" of the project of an instance.
import { createSignal, type JSX, untrack } from 'solid-js'
import type { Instance } from '#contract/instance'
import { type ProjectLabelChange } from '#contract/project-label'
import { visibleLine } from '#contract/visible-text'
import { createAction } from '../../state/action.ts'
import { changeLabel, labelOf } from '../../state/change-label.ts'
import { usePage } from '../../state/page-context.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import './label-dialog.css'

/** The button that submits it is in the footer: with it, Enter saves in every field. */
const FORM = 'label-form'

export function LabelDialog(props: { instance: Instance; onClose: () => void }): JSX.Element {
  const page = usePage()
  const action = createAction()
  // The texts are those of the moment when the dialog was opened: typed text is never replaced.
  const instance = untrack(() => props.instance)
  const first = labelOf(instance)
  const [label, setLabel] = createSignal(first.label ?? '')
  const [note, setNote] = createSignal(first.note ?? '')
  const [isLeftAlone, setIsLeftAlone] = createSignal(first.isLeftAlone)
  const project = visibleLine(instance.project?.name ?? instance.title)
  const save = async (): Promise<void> => {
    const change: ProjectLabelChange = {
      label: label().trim() || null,
      note: note().trim() || null,
      isLeftAlone: isLeftAlone(),
    }
    if (await action.run(() => changeLabel(page, instance, change, `Saved for ${project}.`))) props.onClose()
  }
  return (
    <Dialog
      title={`Label of ${project}`}
      firstFocus={() => document.querySelector<HTMLElement>('.label-form input') ?? undefined}
      onClose={() => props.onClose()}
      footer={
        <>
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" form={FORM} class="button button--primary" disabled={action.isBusy()}>
            {action.isBusy() ? 'Working …' : 'Save'}
          </button>
        </>
      }
    >
      <form
        id={FORM}
        class="label-form"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Texts label={label()} onLabel={setLabel} note={note()} onNote={setNote} />
        <label class="label-form__check">
          <input
            type="checkbox"
            checked={isLeftAlone()}
            onChange={(event) => setIsLeftAlone(event.currentTarget.checked)}
          />
          Leave its instances alone
        </label>
        <p class="muted">
          They are then ended only by name: never with all zombies, as unused, or by pruning.
        </p>
      </form>
      <ErrorNote error={action.error()} />
    </Dialog>
  )
}

function Texts(props: {
  label: string
  onLabel: (text: string) => void
  note: string
  onNote: (text: string) => void
}): JSX.Element {
  return (
    <>
      <label class="label-form__field">
        Label
        <input
          class="input"
          maxLength={60}
          value={props.label}
          onInput={(event) => props.onLabel(event.currentTarget.value)}
        />
      </label>
      <label class="label-form__field">
        Note
        <textarea
          class="input"
          rows={4}
          maxLength={2000}
          value={props.note}
          onInput={(event) => props.onNote(event.currentTarget.value)}
        />
      </label>
    </>
  )
}
