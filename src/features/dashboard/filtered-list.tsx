// A list with a filter field when it is long.
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import './lists.css'

/** Lists with more items have a filter. */
const MAX_UNFILTERED = 12

export function FilteredList<Item>(props: {
  items: readonly Item[]
  label: string
  nameOf: (item: Item) => string
  children: (items: readonly Item[]) => JSX.Element
}): JSX.Element {
  const [text, setText] = createSignal('')
  const matching = createMemo(() => {
    const filter = text().trim().toLowerCase()
    return filter === ''
      ? props.items
      : props.items.filter((item) => props.nameOf(item).toLowerCase().includes(filter))
  })
  return (
    <>
      <Show when={props.items.length > MAX_UNFILTERED}>
        <input
          class="input lists__filter"
          type="search"
          aria-label={props.label}
          placeholder={`Filter ${props.items.length}`}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </Show>
      <Show when={matching().length > 0} fallback={<p class="muted">No matches.</p>}>
        {props.children(matching())}
      </Show>
    </>
  )
}
