// A button that opens a list with a search field above it: for what is too long to be looked through.
import * as Kobalte from '@kobalte/core/popover'
import {
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
import './menu.css'
import './finder.css'

interface FinderProps<Item extends { id: string }> {
  /** Of the button, and of the list. */
  label: string
  searchLabel: string
  class: string
  trigger: JSX.Element
  items: readonly Item[]
  /** The one that is marked when it opens. */
  current: string
  fits: (item: Item, search: string) => boolean
  onChoose: (id: string) => void
  children: (item: Item) => JSX.Element
}

/** The items that fit what is typed; arrows go through them, Enter or a click chooses. */
export function Finder<Item extends { id: string }>(props: FinderProps<Item>): JSX.Element {
  const [isOpen, setIsOpen] = createSignal(false)
  return (
    <Kobalte.Root open={isOpen()} onOpenChange={setIsOpen} gutter={4} placement="bottom-end">
      <Kobalte.Trigger class={props.class} aria-label={props.label} title={props.label}>
        {props.trigger}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="menu finder" aria-label={props.label}>
          <Found {...props} onClose={() => setIsOpen(false)} />
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}

function Found<Item extends { id: string }>(props: FinderProps<Item> & { onClose: () => void }): JSX.Element {
  const id = createUniqueId()
  const [search, setSearch] = createSignal('')
  const [active, setActive] = createSignal(untrack(() => props.current))
  let list: HTMLUListElement | undefined
  const found = createMemo(() => props.items.filter((item) => search() === '' || props.fits(item, search())))
  const place = (): number =>
    Math.max(
      0,
      found().findIndex((item) => item.id === active()),
    )
  const activeItem = (): Item | undefined => found()[place()]

  createEffect(
    on(activeItem, () =>
      queueMicrotask(() => list?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })),
    ),
  )
  const choose = (item: Item | undefined): void => {
    if (item === undefined) return
    props.onClose()
    props.onChoose(item.id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = found().length
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: count - 1 }
    const step = steps[event.key]
    if (event.key === 'Enter') choose(activeItem())
    else if (step !== undefined && count > 0) setActive(found()[(place() + step) % count]?.id ?? '')
    else return
    event.preventDefault()
  }

  return (
    <>
      <input
        class="input finder__search"
        type="search"
        role="combobox"
        aria-label={props.searchLabel}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={activeItem() === undefined ? undefined : `${id}-${activeItem()?.id}`}
        autocomplete="off"
        placeholder={props.searchLabel}
        value={search()}
        onInput={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ul
        class="finder__list"
        id={id}
        role="listbox"
        aria-label={props.label}
        ref={(element) => (list = element)}
      >
        <For each={found()}>
          {(item) => (
            <li
              class="menu__item"
              id={`${id}-${item.id}`}
              role="option"
              aria-selected={activeItem()?.id === item.id}
              onPointerMove={() => setActive(item.id)}
              onClick={() => choose(item)}
            >
              {props.children(item)}
            </li>
          )}
        </For>
      </ul>
      <Show when={found().length === 0}>
        <p class="muted finder__none" role="status">
          Nothing fits “{search()}”.
        </p>
      </Show>
    </>
  )
}
