// Moves the clients of a project to the hub: the change to each configuration as a diff, then the result with an undo.
import { For, type JSX, Show, untrack } from 'solid-js'
import type { ShareFile } from '#contract/share'
import { countOf } from '#contract/units'
import { visibleLine, visibleText } from '#contract/visible-text'
import { shortPath } from '../../state/short-path.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { FileChange } from '../../ui/file-change.tsx'
import { createSharing, type Sharing } from './create-sharing.ts'
import './hub.css'

export function ShareDialog(props: {
  instanceId: string
  projectName: string
  onClose: () => void
}): JSX.Element {
  const sharing = createSharing(untrack(() => props.instanceId))
  return (
    <Dialog
      title={`Share one Serena for ${visibleLine(props.projectName)}`}
      isWide
      isTall={false}
      onClose={() => props.onClose()}
      footer={<Footer sharing={sharing} onClose={() => props.onClose()} />}
    >
      <p>
        The hub runs one Serena for all clients of a project. These clients then start it through{' '}
        <code class="mono">serena-deck connect</code>. Running sessions keep their own Serena until they are
        restarted.
      </p>
      <ErrorNote error={sharing.action.error()} />
      <Show
        when={sharing.files()}
        fallback={
          <p class="muted">{sharing.action.error() ? '' : 'Reading the configurations of the clients …'}</p>
        }
      >
        {(files) => (
          <Show when={files().length > 0} fallback={<Nothing />}>
            <ul class="changes" aria-label="Configurations to change">
              <For each={files()}>{(file) => <FileRow file={file} sharing={sharing} />}</For>
            </ul>
          </Show>
        )}
      </Show>
    </Dialog>
  )
}

function FileRow(props: { file: ShareFile; sharing: Sharing }): JSX.Element {
  return (
    <FileChange
      title={visibleLine(props.file.client)}
      path={shortPath(props.file.file)}
      isChosen={props.sharing.isChosen(props.file.file)}
      isDone={props.sharing.isDone(props.file.file)}
      isBusy={props.sharing.action.isBusy()}
      problem={shownProblem(props.file)}
      diff={props.file.diff.map(visibleText)}
      onToggle={() => props.sharing.toggle(props.file.file)}
      onUndo={() => props.sharing.undo(props.file.file)}
    >
      <Show when={props.file.isInProject}>
        <p class="change__remark muted">
          This file is in the project's folder. If it is under version control, note that the change contains
          a path of this machine.
        </p>
      </Show>
    </FileChange>
  )
}

/** Not in the markup, where `&&` makes false of null. */
const shownProblem = ({ problem }: ShareFile): string | null => problem && visibleLine(problem)

function Nothing(): JSX.Element {
  return (
    <p>
      No configuration was found that starts Serena for this project without the hub. If your client keeps it
      elsewhere, put <code class="mono">serena-deck connect --</code> before the command of Serena.
    </p>
  )
}

function Footer(props: { sharing: Sharing; onClose: () => void }): JSX.Element {
  return (
    <>
      <button type="button" class="button" onClick={() => props.onClose()}>
        Close
      </button>
      <Show when={props.sharing.pending() > 0}>
        <button
          type="button"
          class="button button--primary"
          disabled={props.sharing.action.isBusy()}
          onClick={() => props.sharing.share()}
        >
          {props.sharing.action.isBusy() ? 'Working …' : `Change ${countOf(props.sharing.pending(), 'file')}`}
        </button>
      </Show>
    </>
  )
}
