// Paths that are shortened in the middle.
import type { JSX } from 'solid-js'
import './text.css'

/** Returns the index of the last segment of a path, which is not shortened. Pure. */
export function endOfPath(text: string): number {
  const at = Math.max(text.lastIndexOf('/', text.length - 2), text.lastIndexOf('\\', text.length - 2))
  return Math.max(0, at)
}

/** A path, shortened in the middle when space is limited; the tooltip shows it completely. */
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
