// Text that somebody else wrote: shown as text, with what would hide or reorder it spelled out by `show`.
import type { JSX } from 'solid-js'

/** A path or name that keeps its end when there is no room; whole in its tooltip. */
export function EndText(props: { text: string; title?: string; class?: string }): JSX.Element {
  return (
    <span class={`end-text ${props.class ?? ''}`} title={props.title ?? props.text}>
      {/* Left-to-right inside a right-to-left box: the dots come at the start. */}
      <bdi dir="ltr">{props.text}</bdi>
    </span>
  )
}
