// A selection that keeps showing the stored value until the change has been saved.
import { For, type JSX, Show } from 'solid-js'

/** The value of "not set". */
export const UNSET = ''

export const switchChoices = (unsetText: string): readonly (readonly [value: string, label: string])[] => [
  [UNSET, unsetText],
  ['true', 'Yes'],
  ['false', 'No'],
]

export function SelectField(props: {
  id: string
  value: string
  choices: readonly (readonly [value: string, label: string])[]
  isDisabled?: boolean
  onChange: (value: string) => void
}): JSX.Element {
  return (
    <select
      id={props.id}
      class="input"
      disabled={props.isDisabled}
      onChange={(event) => {
        const { value } = event.currentTarget
        event.currentTarget.value = props.value
        props.onChange(value)
      }}
    >
      <For each={props.choices}>
        {([value, label]) => (
          <option value={value} selected={value === props.value}>
            {label}
          </option>
        )}
      </For>
      <Show when={!props.choices.some(([value]) => value === props.value)}>
        <option value={props.value} selected>
          {props.value}
        </option>
      </Show>
    </select>
  )
}
