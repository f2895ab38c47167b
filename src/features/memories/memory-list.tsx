// The memories of the active project, each to be opened.
import { For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import './memory-list.css'

export function MemoryList(props: {
  instance: Instance
  /** Null: none can be had. */
  names: readonly string[] | null
  empty: string
}): JSX.Element {
  const page = usePage()
  const open = (name: string | null): void =>
    page.open({
      kind: 'memory',
      instanceId: props.instance.id,
      instanceTitle: props.instance.title,
      name,
    })
  return (
    <div class="memories">
      <Show when={props.names?.length} fallback={<p class="muted">{props.empty}</p>}>
        <ul class="memories__list">
          <For each={props.names}>
            {(name) => (
              <li>
                <button type="button" class="memories__memory mono" onClick={() => open(name)}>
                  {shown(name)}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.names !== null}>
        <button type="button" class="button" onClick={() => open(null)}>
          New memory …
        </button>
      </Show>
    </div>
  )
}
