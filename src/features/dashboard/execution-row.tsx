// One execution, and the notes around a list of executions.
import { type JSX, Show } from 'solid-js'
import type { Capability, Execution, Executions } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import type { CallError } from '../../client/call-error.ts'
import { unavailableReason } from '../../state/capability.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { UnavailableNote } from '../../ui/loading-note.tsx'
import './executions.css'

export interface ExecutionsProps {
  answer: Capability<Executions> | undefined
  error: CallError | null
}

/** Shows the children after the first answer. */
export function WithExecutions(props: ExecutionsProps & { children: JSX.Element }): JSX.Element {
  return (
    <>
      <PollErrorNote error={props.error} hasData={props.answer !== undefined} />
      <UnavailableNote subject="executions" reason={unavailableReason(props.answer)} />
      <Show when={props.answer?.isAvailable}>{props.children}</Show>
    </>
  )
}

export function ExecutionRow(props: { execution: Execution; children: JSX.Element }): JSX.Element {
  return (
    <li class="executions__row">
      <span class="executions__name">
        <span class="mono">{visibleLine(props.execution.name)}</span>{' '}
        <span class="muted executions__id" title="Serena's task id">
          #{props.execution.taskId}
        </span>
      </span>
      {props.children}
    </li>
  )
}
