// The layout of a setting: label, field, source of the value.
import { type JSX, Show } from 'solid-js'

export function SettingRow(props: {
  /** The id of the field. */
  id: string
  label: string
  detail: string | null
  source: string
  children: JSX.Element
}): JSX.Element {
  return (
    <li class="setting">
      <label class="setting__label" for={props.id}>
        {props.label}
        <Show when={props.detail}>{(detail) => <span class="setting__detail">{detail()}</span>}</Show>
      </label>
      <div class="setting__value">{props.children}</div>
      <span class="setting__source" title="Source of this value">
        {props.source}
      </span>
    </li>
  )
}
