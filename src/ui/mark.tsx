// The small sign of a state: a shape that reads without its colour. Drawn by CSS: an SVG costs the web engine 30 KiB.
import type { JSX } from 'solid-js'
import './mark.css'

export type MarkShape = 'full' | 'half' | 'cross' | 'ring' | 'bars' | 'dashes'
export type Tone = 'green' | 'yellow' | 'red' | 'blue' | 'grey'

/** A 12 px sign in a tone; what it means stands beside it in words. */
export function Mark(props: { shape: MarkShape; tone: Tone }): JSX.Element {
  return <span class={`mark mark--${props.shape} tone--${props.tone}`} aria-hidden="true" />
}
