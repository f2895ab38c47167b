// Serena processes that are not instances, with their memory and CPU use. They cannot be ended here.
import { createUniqueId, Index, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { exactTime } from '../../state/locale.ts'
import { ago } from '../../state/relative-time.ts'
import './helper-list.css'

export function HelperList(props: { helpers: readonly HelperProcess[]; nowMs: number }): JSX.Element {
  const id = createUniqueId()
  return (
    <Show when={props.helpers.length > 0}>
      <section class="helpers" aria-labelledby={id}>
        <h3 class="helpers__title" id={id}>
          Other Serena processes
        </h3>
        <ul class="helpers__list">
          <Index each={props.helpers}>
            {(helper) => <HelperRow helper={helper()} nowMs={props.nowMs} />}
          </Index>
        </ul>
      </section>
    </Show>
  )
}

function HelperRow(props: { helper: HelperProcess; nowMs: number }): JSX.Element {
  return (
    <li class="helpers__row">
      <span
        class="helpers__name"
        title={`Process ${props.helper.pid}, started ${exactTime(props.helper.startedAt)}`}
      >
        {visibleLine(props.helper.title)}
        <span class="muted"> · PID {props.helper.pid}</span>
      </span>
      <span>{ago(props.helper.startedAt, props.nowMs)}</span>
      <span>{props.helper.memoryBytes === null ? '–' : formatBytes(props.helper.memoryBytes)}</span>
      <span>{props.helper.cpuPercent === null ? '–' : `${props.helper.cpuPercent} % CPU`}</span>
    </li>
  )
}
