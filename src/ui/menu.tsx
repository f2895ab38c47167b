// A menu button, and the items of a menu.
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { MenuSurface, useMenu } from './menu-surface.tsx'

export function Menu(props: {
  label: string
  class: string
  trigger: JSX.Element
  children: JSX.Element
}): JSX.Element {
  let button!: HTMLButtonElement
  const id = createUniqueId()
  const [opened, setOpened] = createSignal<'first' | 'last' | 'pointer' | null>(null)
  const close = (hasFocus: boolean): void => {
    setOpened(null)
    if (hasFocus) button.focus()
  }
  return (
    <>
      <button
        type="button"
        id={id}
        ref={button}
        class={props.class}
        aria-label={props.label}
        title={props.label}
        aria-haspopup="menu"
        aria-expanded={opened() !== null}
        onClick={(event) => {
          // A click by keyboard has no detail.
          if (opened() === null) setOpened(event.detail === 0 ? 'first' : 'pointer')
          else close(true)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpened(event.key === 'ArrowDown' ? 'first' : 'last')
        }}
      >
        {props.trigger}
      </button>
      <Show when={opened()}>
        {(first) => (
          <MenuSurface
            labelledBy={id}
            place={() => button.getBoundingClientRect()}
            first={first() === 'pointer' ? null : (first() as 'first' | 'last')}
            trigger={() => button}
            onClose={close}
          >
            {props.children}
          </MenuSurface>
        )}
      </Show>
    </>
  )
}

export function MenuItem(props: {
  onSelect: () => void
  /** The keys that do the same anywhere on the page, for example `Ctrl+K`. */
  keys?: string
  children: JSX.Element
}): JSX.Element {
  const menu = useMenu()
  return (
    <Item role="menuitem" keys={props.keys} onClick={() => menu.select(props.onSelect)}>
      {props.children}
    </Item>
  )
}

/** Items under a heading. */
export function MenuGroup(props: { label: string; children: JSX.Element }): JSX.Element {
  const id = createUniqueId()
  return (
    <div role="group" class="menu__group" aria-labelledby={id}>
      <div class="menu__label" id={id}>
        {props.label}
      </div>
      {props.children}
    </div>
  )
}

export function MenuChoice<Value extends string>(props: {
  label: string
  value: Value
  choices: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}): JSX.Element {
  return (
    <MenuGroup label={props.label}>
      <For each={props.choices}>
        {(choice) => (
          <Item
            role="menuitemradio"
            isChecked={choice.value === props.value}
            onClick={() => props.onChange(choice.value)}
          >
            {choice.label}
          </Item>
        )}
      </For>
    </MenuGroup>
  )
}

/** Stays open, so that several can be changed. */
export function MenuCheck(props: {
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  children: JSX.Element
}): JSX.Element {
  return (
    <Item
      role="menuitemcheckbox"
      isChecked={props.isChecked}
      onClick={() => props.onChange(!props.isChecked)}
    >
      {props.children}
    </Item>
  )
}

function Item(props: {
  role: 'menuitem' | 'menuitemradio' | 'menuitemcheckbox'
  isChecked?: boolean
  keys?: string | undefined
  onClick: () => void
  children: JSX.Element
}): JSX.Element {
  return (
    <button
      type="button"
      role={props.role}
      class="menu__item"
      tabIndex={-1}
      aria-checked={props.isChecked}
      aria-keyshortcuts={props.keys?.replace('Ctrl', 'Control')}
      onClick={() => props.onClick()}
      // One highlight: the pointer moves the focus.
      onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
    >
      <Show when={props.isChecked !== undefined}>
        <span class="menu__tick" aria-hidden="true">
          <Show when={props.isChecked}>✓</Show>
        </span>
      </Show>
      {props.children}
      <Show when={props.keys}>
        <span class="menu__keys muted" aria-hidden="true">
          {props.keys}
        </span>
      </Show>
    </button>
  )
}
