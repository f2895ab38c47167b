// Executions: what runs and waits, what was abandoned from this page, and how the last one went.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { Capability, Execution, Executions } from '#contract/details'
import type { Instance } from '#contract/instance'
import { formatSpan } from '#contract/units'
import type { CallError } from '../../client/backend.ts'
import { type Abandoned, type SeenRunning, seenRunning, withAbandoned } from '../../state/executions-seen.ts'
import { exactTime } from '../../state/locale.ts'
import { Absent, Problem } from '../answer-notes.tsx'
import { ago, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import './executions.css'

/** As long as the page lives, by instance: Serena itself forgets them. */
const [abandonedById, setAbandonedById] = createSignal<Readonly<Record<string, readonly Abandoned[]>>>({})

interface Asked {
  answer: Capability<Executions> | undefined
  error: CallError | null
}

export function ExecutionsQueue(props: Asked & { instance: Instance }): JSX.Element {
  const page = usePage()
  const queue = (): readonly Execution[] => dataOf(props.answer)?.queue ?? []
  // Read with each answer and not with each tick: the age then grows while the queue is looked at.
  const running = createMemo<SeenRunning | null>((before) => seenRunning(before, queue(), Date.now()), null)
  const runsFor = (): string =>
    formatSpan(Math.max(page.now(), Date.now()) - (running()?.sinceMs ?? Date.now()))
  const abandoned = (): readonly Abandoned[] => abandonedById()[props.instance.id] ?? []

  const abandon = (execution: Execution): void => {
    const { id } = props.instance
    page.open({
      kind: 'confirm',
      title: `Abandon ${shown(execution.name)}?`,
      text: 'Its client gets an error at once. The work itself is not stopped: a command that a tool started runs to its end.',
      action: 'Abandon',
      run: async () => {
        const body = { taskId: execution.taskId }
        const { wasCancelled } = await page.backend.call('cancelExecution', { params: { id }, body })
        if (wasCancelled)
          setAbandonedById((before) => ({
            ...before,
            [id]: withAbandoned(before[id] ?? [], { execution, atMs: Date.now() }),
          }))
        page.changed(
          wasCancelled
            ? `Abandoned ${shown(execution.name)}.`
            : `${shown(execution.name)} had ended already.`,
        )
      },
    })
  }
  return (
    <>
      <Answered {...props}>
        <Show when={queue().length > 0} fallback={<p class="muted">Nothing runs or waits.</p>}>
          <ul class="executions">
            <For each={queue()}>
              {(execution) => (
                <Row execution={execution}>
                  <Show when={execution.isRunning} fallback={<span class="tone--grey">waiting</span>}>
                    <span class="tone--blue" title="Since this page saw it; it may have begun earlier.">
                      running for {runsFor()}
                    </span>
                  </Show>
                  <button type="button" class="button button--small" onClick={() => abandon(execution)}>
                    Abandon …
                  </button>
                </Row>
              )}
            </For>
          </ul>
        </Show>
      </Answered>
      <Show when={abandoned().length > 0}>
        <h4 class="executions__head">Cancelled Executions</h4>
        <ul class="executions" aria-label="Cancelled Executions">
          <For each={abandoned()}>
            {({ execution, atMs }) => (
              <Row execution={execution}>
                <span class="muted" title={exactTime(new Date(atMs).toISOString())}>
                  {execution.isRunning ? 'abandoned while it ran' : 'taken from the queue'},{' '}
                  {ago(new Date(atMs).toISOString(), page.now())}
                </span>
              </Row>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}

export function LastExecution(props: Asked): JSX.Element {
  return (
    <Answered {...props}>
      <Show when={dataOf(props.answer)?.last} fallback={<p class="muted">Nothing has run yet.</p>}>
        {(last) => (
          <ul class="executions">
            <Row execution={last()}>
              <Show when={last().finishedSuccessfully} fallback={<span class="tone--red">failed</span>}>
                <span class="tone--green">succeeded</span>
              </Show>
            </Row>
          </ul>
        )}
      </Show>
    </Answered>
  )
}

function Answered(props: Asked & { children: JSX.Element }): JSX.Element {
  return (
    <>
      <Problem error={props.error} isStale={props.answer !== undefined} />
      <Absent answer={props.answer} what="executions" />
      <Show when={props.answer?.isAvailable}>{props.children}</Show>
    </>
  )
}

function Row(props: { execution: Execution; children: JSX.Element }): JSX.Element {
  return (
    <li class="executions__row">
      <span class="executions__name">
        <span class="mono">{shown(props.execution.name)}</span>{' '}
        <span class="muted executions__id" title="Serena's number of the task">
          #{props.execution.taskId}
        </span>
      </span>
      {props.children}
    </li>
  )
}

const dataOf = (answer: Capability<Executions> | undefined): Executions | null =>
  answer?.isAvailable ? answer.data : null
