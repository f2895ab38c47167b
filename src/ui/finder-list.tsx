// The search field and the matching items: arrow keys highlight, Enter or a click selects.
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  on,
  Show,
  untrack,
} from 'solid-js'

export interface FinderProps<Item extends { id: string }> {
  /** Label of the button and of the list. */
  label: string
  searchLabel: string
  class: string
  trigger: JSX.Element
  items: readonly Item[]
  /** The id of the item that is highlighted at first. */
  current: string
  matches: (item: Item, search: string) => boolean
  onSelect: (id: string) => void
  children: (item: Item) => JSX.Element
}

type ListProps<Item extends { id: string }> = FinderProps<Item> & { onClose: () => void }

export function FinderList<Item extends { id: string }>(props: ListProps<Item>): JSX.Element {
  const id = createUniqueId()
  const list = createHighlight(props)
  let element!: HTMLUListElement
  const select = (item: Item | undefined): void => {
    if (item === undefined) return
    props.onClose()
    props.onSelect(item.id)
  }
  createEffect(
    on(list.highlighted, () =>
      queueMicrotask(() =>
        element.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
      ),
    ),
  )
  return (
    <>
      <input
        class="input finder__search"
        type="search"
        role="combobox"
        aria-label={props.searchLabel}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={list.highlighted() && `${id}-${list.highlighted()?.id}`}
        autocomplete="off"
        placeholder={props.searchLabel}
        value={list.search()}
        onInput={(event) => list.setSearch(event.currentTarget.value)}
        onKeyDown={(event) => handleKey(event, list, select)}
      />
      <ul class="finder__list" id={id} role="listbox" aria-label={props.label} ref={element}>
        <For each={list.matching()}>
          {(item) => (
            <li
              class="menu__item"
              id={`${id}-${item.id}`}
              role="option"
              aria-selected={list.highlighted()?.id === item.id}
              onPointerMove={() => list.highlight(item.id)}
              onClick={() => select(item)}
            >
              {props.children(item)}
            </li>
          )}
        </For>
      </ul>
      <Show when={list.matching().length === 0}>
        <p class="muted finder__none" role="status">
          No matches for “{list.search()}”.
        </p>
      </Show>
    </>
  )
}

function handleKey<Item>(
  event: KeyboardEvent,
  list: Highlight<Item>,
  select: (item: Item | undefined) => void,
): void {
  if (event.key === 'Enter') select(list.highlighted())
  else if (event.key === 'ArrowDown') list.move(1)
  else if (event.key === 'ArrowUp') list.move(-1)
  else return
  event.preventDefault()
}

interface Highlight<Item> {
  search: Accessor<string>
  setSearch(search: string): void
  matching: Accessor<readonly Item[]>
  /** The first item, when the highlighted one does not match. */
  highlighted: Accessor<Item | undefined>
  highlight(id: string): void
  /** Moves the highlight, wrapping around at the ends. */
  move(step: 1 | -1): void
}

function createHighlight<Item extends { id: string }>(props: FinderProps<Item>): Highlight<Item> {
  const [search, setSearch] = createSignal('')
  const [activeId, setActiveId] = createSignal(untrack(() => props.current))
  const matching = createMemo(() =>
    props.items.filter((item) => search() === '' || props.matches(item, search())),
  )
  const index = (): number =>
    Math.max(
      0,
      matching().findIndex((item) => item.id === activeId()),
    )
  return {
    search,
    setSearch,
    matching,
    highlighted: () => matching()[index()],
    highlight: setActiveId,
    move(step) {
      const count = matching().length
      if (count > 0) setActiveId(matching()[(index() + step + count) % count]?.id ?? '')
    },
  }
}
