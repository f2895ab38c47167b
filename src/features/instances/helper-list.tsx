// Serena's own programs that are no instance, below the table of all: what they are and what they use. Nothing here can be done to them.
import { createUniqueId, Index, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import { formatBytes } from '#contract/units'
import { exactTime } from '../../state/locale.ts'
import { ago, shown } from '../instance-words.ts'
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
            {(helper) => (
              <li class="helpers__row">
                <span
                  class="helpers__name"
                  title={`Process ${helper().pid}, since ${exactTime(helper().startedAt)}`}
                >
                  {shown(helper().title)}
                  <span class="muted"> · pid {helper().pid}</span>
                </span>
                <span>{ago(helper().startedAt, props.nowMs)}</span>
                <span>{helper().memoryBytes === null ? '–' : formatBytes(helper().memoryBytes)}</span>
                <span>{helper().cpuPercent === null ? '–' : `${helper().cpuPercent} % CPU`}</span>
              </li>
            )}
          </Index>
        </ul>
      </section>
    </Show>
  )
}
