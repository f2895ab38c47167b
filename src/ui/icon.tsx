// An icon of Lucide (https://lucide.dev, ISC license). Icons are imported by name, so that the bundle contains only those used.
import type { IconNode } from 'lucide'
import { For, type JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'

/** Decorative; the meaning is in the label of its button. */
export function Icon(props: { of: IconNode; px?: number }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width={props.px ?? 16}
      height={props.px ?? 16}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <For each={props.of}>{([name, attributes]) => <Dynamic component={name} {...attributes} />}</For>
    </svg>
  )
}
