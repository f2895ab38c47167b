// A line that says that instances are hidden by the filter.
import { type JSX, Show, untrack } from 'solid-js'
import { countOf } from '#contract/units'
import type { PageModel } from './create-page-model.ts'

export function FilterNote(props: { model: PageModel }): JSX.Element {
  const { deck, view } = untrack(() => props.model)
  const words = (): string =>
    `${view.matching().length} of ${countOf(deck.state.instances.length, 'instance')} · ${view.search()}`
  return (
    <Show when={view.search().trim() !== ''}>
      <div class="filter-note">
        <span class="filter-note__words" role="status">
          {words()}
        </span>
        <button type="button" class="button button--quiet" onClick={() => view.setSearch('')}>
          Show all
        </button>
      </div>
    </Show>
  )
}
