// The memories of the active project.
import { For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import './memory-list.css'

export function MemoryList(props: {
  instance: Instance
  /** Null: this instance has no access to memories. */
  names: readonly string[] | null
  hasProject: boolean
}): JSX.Element {
  const page = usePage()
  const open = (name: string | null): void =>
    page.open({
      kind: 'memory',
      instanceId: props.instance.id,
      instanceTitle: props.instance.title,
      name,
    })
  const emptyText = (): string => {
    if (props.names !== null) return 'No memories yet.'
    return props.hasProject
      ? 'This instance has no access to memories.'
      : 'No memories: no project is active.'
  }
  return (
    <div class="memories">
      <Show when={props.names?.length} fallback={<p class="muted">{emptyText()}</p>}>
        <ul class="memories__list">
          <For each={props.names}>
            {(name) => (
              <li>
                <button type="button" class="memories__memory mono" onClick={() => open(name)}>
                  {visibleLine(name)}
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
