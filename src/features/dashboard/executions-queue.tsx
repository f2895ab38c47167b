// Running and queued executions, and those abandoned on this page.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Execution } from '#contract/details'
import type { Instance } from '#contract/instance'
import { formatSpan } from '#contract/units'
import { dataOf } from '../../state/capability.ts'
import { exactTime } from '../../state/locale.ts'
import { type AbandonedExecution, type ObservedRun, observeRun } from '../../state/observed-executions.ts'
import { usePage } from '../../state/page-context.ts'
import { ago } from '../../state/relative-time.ts'
import { abandonedOf, openAbandonDialog } from './abandon-execution.ts'
import { ExecutionRow, type ExecutionsProps, WithExecutions } from './execution-row.tsx'

export function ExecutionsQueue(props: ExecutionsProps & { instance: Instance }): JSX.Element {
  const page = usePage()
  const queue = (): readonly Execution[] => dataOf(props.answer)?.queue ?? []
  const running = createMemo<ObservedRun | null>((before) => observeRun(before, queue(), Date.now()), null)
  // The page's clock is updated every 10 s only.
  const runTime = (): string =>
    formatSpan(Math.max(page.now(), Date.now()) - (running()?.sinceMs ?? Date.now()))
  return (
    <>
      <WithExecutions {...props}>
        <Show when={queue().length > 0} fallback={<p class="muted">No running or queued executions.</p>}>
          <ul class="executions">
            <For each={queue()}>
              {(execution) => (
                <ExecutionRow execution={execution}>
                  <Show when={execution.isRunning} fallback={<span class="tone--grey">queued</span>}>
                    <span
                      class="tone--blue"
                      title="Measured since this page first detected the execution, which may have started earlier."
                    >
                      running for {runTime()}
                    </span>
                  </Show>
                  <button
                    type="button"
                    class="button button--small"
                    onClick={() => openAbandonDialog(page, props.instance.id, execution)}
                  >
                    Abandon …
                  </button>
                </ExecutionRow>
              )}
            </For>
          </ul>
        </Show>
      </WithExecutions>
      <Show when={abandonedOf(props.instance.id).length > 0}>
        <AbandonedList executions={abandonedOf(props.instance.id)} />
      </Show>
    </>
  )
}

function AbandonedList(props: { executions: readonly AbandonedExecution[] }): JSX.Element {
  const page = usePage()
  return (
    <>
      <h4 class="executions__head">Cancelled Executions</h4>
      <ul class="executions" aria-label="Cancelled Executions">
        <For each={props.executions}>
          {({ execution, atMs }) => (
            <ExecutionRow execution={execution}>
              <span class="muted" title={exactTime(new Date(atMs).toISOString())}>
                {execution.isRunning ? 'abandoned while running' : 'removed from the queue'},{' '}
                {ago(new Date(atMs).toISOString(), page.now())}
              </span>
            </ExecutionRow>
          )}
        </For>
      </ul>
    </>
  )
}
