// Text that somebody else wrote: shown as text, with what would hide or reorder it spelled out by `show`.
import type { JSX } from 'solid-js'
import './text.css'

/** Where the part begins that is kept whole: the last step of a path. Pure. */
export function endOfPath(text: string): number {
  const at = Math.max(text.lastIndexOf('/', text.length - 2), text.lastIndexOf('\\', text.length - 2))
  return Math.max(0, at)
}

/** A path that loses its middle when there is no room; whole in its tooltip. */
export function PathText(props: { text: string; title?: string }): JSX.Element {
  const at = (): number => endOfPath(props.text)
  return (
    <bdi
      dir="ltr"
      class="path-text"
      style={{ '--end': props.text.length - at() }}
      title={props.title ?? props.text}
    >
      <span class="path-text__start">{props.text.slice(0, at())}</span>
      <span class="path-text__end">{props.text.slice(at())}</span>
    </bdi>
  )
}
