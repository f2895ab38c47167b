// A menu button by the headless library.
import * as Kobalte from '@kobalte/core/dropdown-menu'
import { For, type JSX, Show } from 'solid-js'
import './menu.css'

export function Menu(props: {
  label: string
  class: string
  trigger: JSX.Element
  children: JSX.Element
}): JSX.Element {
  return (
    <Kobalte.Root gutter={4} preventScroll={false} modal={false}>
      <Kobalte.Trigger class={props.class} aria-label={props.label} title={props.label}>
        {props.trigger}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="menu">{props.children}</Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  )
}

export function MenuItem(props: { onSelect: () => void; children: JSX.Element }): JSX.Element {
  return (
    <Kobalte.Item class="menu__item" onSelect={() => props.onSelect()}>
      {props.children}
    </Kobalte.Item>
  )
}

/** Entries that belong together, under a heading. */
export function MenuGroup(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <Kobalte.Group class="menu__group">
      <Kobalte.GroupLabel class="menu__label">{props.label}</Kobalte.GroupLabel>
      {props.children}
    </Kobalte.Group>
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
      <Kobalte.RadioGroup value={props.value} onChange={(value) => props.onChange(value as Value)}>
        <For each={props.choices}>
          {(choice) => (
            <Kobalte.RadioItem class="menu__item" value={choice.value}>
              <span class="menu__tick" aria-hidden="true">
                <Show when={choice.value === props.value}>✓</Show>
              </span>
              {choice.label}
            </Kobalte.RadioItem>
          )}
        </For>
      </Kobalte.RadioGroup>
    </MenuGroup>
  )
}

export function MenuCheck(props: {
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  children: JSX.Element
}): JSX.Element {
  return (
    <Kobalte.CheckboxItem
      class="menu__item"
      checked={props.isChecked}
      onChange={(isChecked) => props.onChange(isChecked)}
      closeOnSelect={false}
    >
      <span class="menu__tick" aria-hidden="true">
        <Show when={props.isChecked}>✓</Show>
      </span>
      {props.children}
    </Kobalte.CheckboxItem>
  )
}
