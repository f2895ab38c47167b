// The lists inside the sections.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Choice } from '#contract/details'
import { shortPath, shown } from '../instance-words.ts'
import './lists.css'

/** Many short names, side by side. Null: not known. */
export function NameList(props: { names: readonly string[] | null; empty: string }): JSX.Element {
  return (
    <Show when={props.names?.length} fallback={<p class="muted">{props.empty}</p>}>
      <ul class="names">
        <For each={props.names}>{(name) => <li class="names__name mono">{shown(name)}</li>}</For>
      </ul>
    </Show>
  )
}

/** Projects, modes or contexts: the active ones first. */
export function ChoiceList(props: { choices: readonly Choice[]; empty: string }): JSX.Element {
  const ordered = createMemo(() =>
    [...props.choices].sort(
      (a, b) => Number(b.isActive) - Number(a.isActive) || a.name.localeCompare(b.name),
    ),
  )
  return (
    <Show when={props.choices.length > 0} fallback={<p class="muted">{props.empty}</p>}>
      <ul class="choices">
        <For each={ordered()}>
          {(choice) => (
            <li class="choices__choice" title={choice.path === null ? undefined : shown(choice.path)}>
              <span class="choices__name">
                {shown(choice.name)}
                <Show when={choice.isActive}>
                  <span class="flag">active</span>
                </Show>
              </span>
              <Show when={choice.path}>
                {(path) => <span class="choices__path muted mono">{shortPath(path())}</span>}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

/** How often each tool was called, most called first. */
export function UsageBars(props: { calls: readonly { tool: string; calls: number }[] }): JSX.Element {
  const ordered = createMemo(() => [...props.calls].sort((a, b) => b.calls - a.calls))
  const most = createMemo(() => Math.max(1, ...props.calls.map(({ calls }) => calls)))
  return (
    <Show when={props.calls.length > 0} fallback={<p class="muted">No tool was called yet.</p>}>
      <ul class="usage">
        <For each={ordered()}>
          {({ tool, calls }) => (
            <li class="usage__row">
              <span class="mono usage__tool">{shown(tool)}</span>
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
