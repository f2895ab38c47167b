// The settings of Serena Deck and of each Serena home, each value with its source.
import { type JSX, Show } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import { shortPath } from '../../state/short-path.ts'
import { ConnectionNote } from '../../ui/connection-note.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Diff } from '../../ui/diff.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { LoadingNote } from '../../ui/loading-note.tsx'
import { Note } from '../../ui/note.tsx'
import { createSettings, type HomePreview, type SettingsState } from './create-settings.ts'
import { SettingsSections } from './settings-sections.tsx'
import './settings.css'

export function SettingsDialog(props: { onClose: () => void }): JSX.Element {
  const page = usePage()
  const settings = createSettings()
  return (
    <Dialog
      title="Settings"
      isWide
      onClose={() => (settings.preview() ? settings.closePreview() : props.onClose())}
      footer={<Footer settings={settings} onClose={() => props.onClose()} />}
    >
      <ErrorNote error={settings.action.error()} />
      <ConnectionNote
        connection={page.connection()}
        unsavedText={null}
        hasFailed={false}
        onCopy={() => undefined}
      />
      <Show
        when={settings.preview()}
        fallback={
          <Show
            when={settings.view()}
            fallback={<LoadingNote isLoading={settings.action.error() === null} />}
          >
            {(view) => (
              <SettingsSections
                view={view()}
                onHomeChange={settings.showPreview}
                onOwnChange={settings.changeOwn}
              />
            )}
          </Show>
        }
      >
        {(preview) => <Preview preview={preview()} />}
      </Show>
    </Dialog>
  )
}

function Footer(props: { settings: SettingsState; onClose: () => void }): JSX.Element {
  return (
    <Show
      when={props.settings.preview()}
      fallback={
        <button type="button" class="button" onClick={() => props.onClose()}>
          Close
        </button>
      }
    >
      {(preview) => (
        <>
          <span class="spacer muted">A backup of the old file is kept.</span>
          <button type="button" class="button" onClick={() => props.settings.closePreview()}>
            Back
          </button>
          <button
            type="button"
            class="button button--primary"
            disabled={preview().problem !== null || props.settings.action.isBusy() || !hasChange(preview())}
            onClick={() => props.settings.write(preview())}
          >
            Save
          </button>
        </>
      )}
    </Show>
  )
}

function Preview(props: { preview: HomePreview }): JSX.Element {
  return (
    <>
      <p>
        Changes in <code class="mono">{shortPath(props.preview.file)}</code>:
      </p>
      <Show when={props.preview.problem}>
        {(problem) => <Note tone="error">{visibleLine(problem())}</Note>}
      </Show>
      <Show
        when={hasChange(props.preview)}
        fallback={<p class="muted">No changes: the file already has this value.</p>}
      >
        <Diff lines={props.preview.diff} />
      </Show>
    </>
  )
}

const hasChange = ({ diff }: HomePreview): boolean => diff.some((line) => !line.startsWith(' '))
