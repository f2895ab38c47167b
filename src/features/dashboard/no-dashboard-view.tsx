// The details of an instance without a dashboard.
import { For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'

export function NoDashboardView(props: {
  instance: Instance
  facts: () => JSX.Element
  history: () => JSX.Element
}): JSX.Element {
  const rows = (): [string, string | null][] => [
    ['Process ID', props.instance.pid === null ? null : String(props.instance.pid)],
    ['Serena version', props.instance.serenaVersion],
    ['Context', props.instance.context],
    ['Modes', props.instance.modes.length === 0 ? null : props.instance.modes.join(', ')],
    ['Transport', props.instance.transport],
    ['Sources', props.instance.sources.join(', ')],
  ]
  return (
    <div class="no-dashboard">
      {props.facts()}
      <p class="muted">
        {props.instance.state === 'asleep'
          ? 'It has no process while it is asleep.'
          : 'This instance has no dashboard.'}{' '}
        Available details:
      </p>
      <dl class="facts">
        <For each={rows()}>
          {([name, value]) => (
            <Show when={value !== null}>
              <div class="fact">
                <dt>{name}</dt>
                <dd>{visibleLine(value ?? '')}</dd>
              </div>
            </Show>
          )}
        </For>
      </dl>
      <h3 class="no-dashboard__title">History</h3>
      {props.history()}
    </div>
  )
}
