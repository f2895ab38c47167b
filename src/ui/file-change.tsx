// A row of a list of files to change: a checkbox, the diff, and afterwards an undo.
import { type JSX, Show } from 'solid-js'
import { Diff } from './diff.tsx'
import './file-change.css'

export interface FileChangeProps {
  /** Of the client. */
  title: string
  /** The path as it is shown. */
  path: string
  isChosen: boolean
  isDone: boolean
  /** True: nothing can be chosen or undone now. */
  isBusy: boolean
  /** Why it cannot be changed; null: it can. */
  problem: string | null
  diff: readonly string[]
  onToggle: () => void
  /** Absent: it is undone elsewhere. */
  onUndo?: () => void
  /** Remarks above the diff. */
  children?: JSX.Element
}

export function FileChange(props: FileChangeProps): JSX.Element {
  return (
    <li class="change">
      <div class="change__head">
        <label class="change__label">
          <input
            type="checkbox"
            aria-label={`Change ${props.path}`}
            checked={props.isChosen && props.problem === null}
            disabled={props.isDone || props.problem !== null || props.isBusy}
            onChange={() => props.onToggle()}
          />
          <span>
            <strong>{props.title}</strong> <span class="mono muted">{props.path}</span>
          </span>
        </label>
        <Show when={props.isDone}>
          <span class="change__done">Changed</span>
          <Show when={props.onUndo}>
            {(undo) => (
              <button
                type="button"
                class="button button--small"
                aria-label={`Undo the change of ${props.path}`}
                disabled={props.isBusy}
                onClick={() => undo()()}
              >
                Undo
              </button>
            )}
          </Show>
        </Show>
      </div>
      {props.children}
      <Show when={props.problem}>{(problem) => <p class="change__remark tone--red">{problem()}</p>}</Show>
      <Show when={props.diff.length > 0}>
        <div class="change__diff">
          <Diff lines={props.diff} />
        </div>
      </Show>
    </li>
  )
}
