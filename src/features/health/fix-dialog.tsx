// Shows what a fix changes in each file, and changes those that are chosen.
import { For, type JSX, Show, untrack } from 'solid-js'
import type { ClientRestart, FixFile } from '#contract/health'
import { countOf } from '#contract/units'
import { visibleLine, visibleText } from '#contract/visible-text'
import { shortPath } from '../../state/short-path.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { FileChange } from '../../ui/file-change.tsx'
import { createFixing, type Fixing } from './create-fixing.ts'
import './health.css'

export function FixDialog(props: {
  title: string
  ids: readonly string[]
  onDone: () => void
  onClose: () => void
}): JSX.Element {
  const fixing = createFixing(
    untrack(() => props.ids),
    () => props.onDone(),
  )
  return (
    <Dialog
      title={props.title}
      isWide
      isTall={false}
      onClose={() => props.onClose()}
      footer={<Footer fixing={fixing} onClose={() => props.onClose()} />}
    >
      <ErrorNote error={fixing.action.error()} />
      <Show
        when={fixing.preview()}
        fallback={<p class="muted">{fixing.action.error() ? '' : 'Preparing the changes …'}</p>}
      >
        {(preview) => (
          <>
            <p>A backup of each file is kept. “Undo the last fix” restores all of them.</p>
            <ul class="changes" aria-label="Files to change">
              <For each={preview().files}>{(file) => <FileRow file={file} fixing={fixing} />}</For>
            </ul>
            <Show when={preview().files.length === 0}>
              <p>There is nothing left to change.</p>
            </Show>
            <Show when={preview().postponed.length > 0}>
              <p class="muted">
                {countOf(preview().postponed.length, 'more fix', 'more fixes')} can be applied after this one.
              </p>
            </Show>
            <Restarts restarts={preview().restarts} />
          </>
        )}
      </Show>
    </Dialog>
  )
}

function FileRow(props: { file: FixFile; fixing: Fixing }): JSX.Element {
  return (
    <FileChange
      title={props.file.clients.map(visibleLine).join(', ')}
      path={visibleLine(shortPath(props.file.file))}
      isChosen={props.fixing.isChosen(props.file.file)}
      isDone={props.fixing.isDone() && props.fixing.isChosen(props.file.file) && props.file.problem === null}
      isBusy={props.fixing.action.isBusy() || props.fixing.isDone()}
      problem={shownProblem(props.file)}
      diff={props.file.diff.map(visibleText)}
      onToggle={() => props.fixing.toggle(props.file.file)}
    >
      <Show when={props.file.isInProject}>
        <p class="change__remark muted">
          This file is in a project folder and may be used by other people too.
        </p>
      </Show>
      <Show when={props.file.byHand.length > 0}>
        <ul class="change__remark fix__by-hand" aria-label="Changes to make by hand">
          <For each={props.file.byHand}>{(line) => <li class="mono">{visibleLine(line)}</li>}</For>
        </ul>
      </Show>
    </FileChange>
  )
}

/** Not in the markup, where `&&` makes false of null. */
const shownProblem = ({ problem }: FixFile): string | null => problem && visibleLine(problem)

function Restarts(props: { restarts: readonly ClientRestart[] }): JSX.Element {
  return (
    <Show when={props.restarts.length > 0}>
      <p>
        Restart these running clients to apply the change:{' '}
        {props.restarts
          .map(({ client, pids }) => `${visibleLine(client)} (process ${pids.join(', ')})`)
          .join('; ')}
        .
      </p>
    </Show>
  )
}

function Footer(props: { fixing: Fixing; onClose: () => void }): JSX.Element {
  return (
    <>
      <button type="button" class="button" onClick={() => props.onClose()}>
        Close
      </button>
      <Show when={props.fixing.pending().length > 0}>
        <button
          type="button"
          class="button button--primary"
          disabled={props.fixing.action.isBusy()}
          onClick={() => props.fixing.fix()}
        >
          {props.fixing.action.isBusy()
            ? 'Working …'
            : `Change ${countOf(props.fixing.pending().length, 'file')}`}
        </button>
      </Show>
    </>
  )
}
