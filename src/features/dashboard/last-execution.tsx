// The result of the last execution.
import { type JSX, Show } from 'solid-js'
import { dataOf } from '../../state/capability.ts'
import { ExecutionRow, type ExecutionsProps, WithExecutions } from './execution-row.tsx'

export function LastExecution(props: ExecutionsProps): JSX.Element {
  return (
    <WithExecutions {...props}>
      <Show when={dataOf(props.answer)?.last} fallback={<p class="muted">No executions yet.</p>}>
        {(last) => (
          <ul class="executions">
            <ExecutionRow execution={last()}>
              <Show when={last().finishedSuccessfully} fallback={<span class="tone--red">failed</span>}>
                <span class="tone--green">succeeded</span>
              </Show>
            </ExecutionRow>
          </ul>
        )}
      </Show>
    </WithExecutions>
  )
}
