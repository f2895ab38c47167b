// The lists inside the sections.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { Choice } from '#contract/details'
import { compareWords } from '../../state/locale.ts'
import { shortPath, shown } from '../instance-words.ts'
import './lists.css'

/** A list longer than this gets a filter. */
const LONG = 12

/** A filter over a long list; a short one is shown whole. */
function Filtered<Item>(props: {
  items: readonly Item[]
  label: string
  nameOf: (item: Item) => string
  children: (items: readonly Item[]) => JSX.Element
}): JSX.Element {
  const [word, setWord] = createSignal('')
  const fitting = createMemo(() => {
    const wanted = word().trim().toLowerCase()
    return wanted === ''
      ? props.items
      : props.items.filter((item) => props.nameOf(item).toLowerCase().includes(wanted))
  })
  return (
    <>
      <Show when={props.items.length > LONG}>
        <input
          class="input lists__filter"
          type="search"
          aria-label={props.label}
          placeholder={`Filter ${props.items.length}`}
          value={word()}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      </Show>
      <Show when={fitting().length > 0} fallback={<p class="muted">None fits.</p>}>
        {props.children(fitting())}
      </Show>
    </>
  )
}

/** Many short names, side by side. Null: not known. */
export function NameList(props: {
  names: readonly string[] | null
  empty: string
  /** What the filter of a long list is called. */
  filter?: string
}): JSX.Element {
  return (
    <Show when={props.names?.length} fallback={<p class="muted">{props.empty}</p>}>
      <Filtered items={props.names ?? []} label={props.filter ?? 'Filter'} nameOf={(name) => name}>
        {(names) => (
          <ul class="names">
            <For each={names}>{(name) => <li class="names__name mono">{shown(name)}</li>}</For>
          </ul>
        )}
      </Filtered>
    </Show>
  )
}

/** Projects, modes or contexts: the active ones first. */
export function ChoiceList(props: {
  choices: readonly Choice[]
  empty: string
  filter: string
}): JSX.Element {
  const ordered = createMemo(() =>
    [...props.choices].sort(
      (a, b) => Number(b.isActive) - Number(a.isActive) || compareWords(a.name, b.name),
    ),
  )
  return (
    <Show when={props.choices.length > 0} fallback={<p class="muted">{props.empty}</p>}>
      <Filtered items={ordered()} label={props.filter} nameOf={({ name, path }) => `${name} ${path ?? ''}`}>
        {(choices) => (
          <ul class="choices">
            <For each={choices}>
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
        )}
      </Filtered>
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
