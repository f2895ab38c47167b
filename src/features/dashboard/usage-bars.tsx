// Calls per tool, most called first.
import { createMemo, For, type JSX, Show } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import './lists.css'

export function UsageBars(props: { calls: readonly { tool: string; calls: number }[] }): JSX.Element {
  const ordered = createMemo(() => [...props.calls].sort((a, b) => b.calls - a.calls))
  const most = createMemo(() => Math.max(1, ...props.calls.map(({ calls }) => calls)))
  return (
    <Show when={props.calls.length > 0} fallback={<p class="muted">No tool calls yet.</p>}>
      <ul class="usage">
        <For each={ordered()}>
          {({ tool, calls }) => (
            <li class="usage__row">
              <span class="mono usage__tool">{visibleLine(tool)}</span>
              <svg class="usage__bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(calls / most()) * 100} height="4" fill="currentColor" />
              </svg>
              <span class="usage__calls">{calls}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
