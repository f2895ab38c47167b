// A field for a number, or for a short text, that keeps showing the stored value until the change has been saved.
import type { JSX } from 'solid-js'
import type { HomeValue } from '#contract/settings'

export function NumberField(props: {
  id: string
  text: string
  placeholder: string
  isDisabled?: boolean
  /** Returns the value; null: invalid. */
  parse: (text: string) => number | string | null
  onChange: (value: HomeValue) => void
}): JSX.Element {
  return (
    <input
      id={props.id}
      class="input"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      spellcheck={false}
      disabled={props.isDisabled}
      value={props.text}
      placeholder={props.placeholder}
      title={props.placeholder}
      onInput={(event) => event.currentTarget.setCustomValidity('')}
      onChange={(event) => {
        const field = event.currentTarget
        const value = props.parse(field.value)
        if (value === null) {
          field.setCustomValidity('Invalid value.')
          field.reportValidity()
          return
        }
        field.value = props.text
        props.onChange(value === 'unset' ? null : value)
      }}
    />
  )
}
