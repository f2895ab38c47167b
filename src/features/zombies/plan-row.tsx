// One instance of the plan: checkbox, reasons, progress, and its launch command after it has ended.
import { type JSX, Show } from 'solid-js'
import { type EndingPlanItem, leftRunningText } from '#contract/ending'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import type { Ending } from './create-ending.ts'
import { itemText, stepText } from './ending-plan.ts'

interface RowProps {
  item: EndingPlanItem
  ending: Ending
  /** True if all red instances were requested, false if the user selected instances. */
  isAll: boolean
}

export function PlanRow(props: RowProps): JSX.Element {
  const page = usePage()
  const ended = () => props.ending.receipt()?.ended.find(({ id }) => id === props.item.id)
  /** Flags are no reason to end it. */
  const why = (): string[] => {
    const flagged = new Set(page.instance(props.item.id)?.flagNotes?.map(({ text }) => text))
    return props.item.why.filter((sentence) => !flagged.has(sentence)).map(visibleLine)
  }
  return (
    <li class="ending__row">
      <label class="ending__label">
        <input
          type="checkbox"
          checked={props.ending.isChecked(props.item.id)}
          disabled={props.ending.isLocked() || props.item.refusal !== null}
          onChange={() => props.ending.toggle(props.item.id)}
        />
        <span class="ending__title">{visibleLine(props.item.title)}</span>
        <span class="ending__numbers muted">{itemText(props.item)}</span>
      </label>
      <p class="ending__why">{why().join(' ')}</p>
      <Remarks {...props} />
      <Show when={props.ending.isLocked() && page.ending(props.item.id)}>
        {(progress) => (
          <p class={`ending__progress ending__progress--${progress().step}`}>
            {visibleLine(stepText(progress()))}
          </p>
        )}
      </Show>
      <Show when={ended()?.launch}>
        {(launch) => (
          <LaunchCommand
            title={props.item.title}
            command={launch()}
            problem={ended()?.launchProblem ?? null}
          />
        )}
      </Show>
    </li>
  )
}

/** The processes that are left running, and why the instance is not selected or cannot be ended. */
function Remarks(props: RowProps): JSX.Element {
  const isChecked = (): boolean => props.ending.isChecked(props.item.id)
  const isSkipped = (): boolean =>
    props.isAll && !isChecked() && !props.item.checked && props.item.refusal === null
  return (
    <>
      <Show when={(props.item.leftRunning?.length ?? 0) > 0 && !props.ending.isLocked()}>
        <p class="ending__why">
          {props.ending.includesChildren() ? 'Also ended' : 'Left running'}:{' '}
          {visibleLine(leftRunningText(props.item.leftRunning ?? []))}
        </p>
      </Show>
      <Show when={props.item.isLeftAlone && props.item.refusal === null && !isChecked()}>
        <p class="ending__why muted">Not selected: it is left alone. To end it anyway, select it.</p>
      </Show>
      <Show when={isSkipped()}>
        <p class="ending__why muted">
          Not selected: its client may still be using it. To end it too, select it.
        </p>
      </Show>
      <Show when={props.item.refusal}>
        {(why) => <p class="ending__why muted">Not ended: {visibleLine(why())}</p>}
      </Show>
    </>
  )
}

function LaunchCommand(props: {
  title: string
  command: string
  /** Why the command no longer works. */
  problem: string | null
}): JSX.Element {
  const page = usePage()
  return (
    <div class="ending__launch">
      <Show when={props.problem}>
        {(problem) => <p class="ending__why muted">{visibleLine(problem())}</p>}
      </Show>
      <code class="mono ending__command" title={visibleLine(props.command)}>
        {visibleLine(props.command)}
      </code>
      <button
        type="button"
        class="button button--small"
        aria-label={`Copy the launch command of ${visibleLine(props.title)}`}
        onClick={() => page.copy(props.command, 'the launch command')}
      >
        Copy launch command
      </button>
    </div>
  )
}
