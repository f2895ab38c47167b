// The mark of a state: a shape that can be recognized without color. Drawn with CSS: an SVG costs the web engine 30 KiB.
import type { JSX } from 'solid-js'
import './mark.css'

export type MarkShape = 'full' | 'half' | 'cross' | 'ring' | 'bars' | 'dashes' | 'moon'
export const TONES = ['green', 'yellow', 'red', 'blue', 'grey'] as const
export type Tone = (typeof TONES)[number]

/** Decorative, 12 px; the meaning is always next to it in words. */
export function Mark(props: { shape: MarkShape; tone: Tone }): JSX.Element {
  return <span class={`mark mark--${props.shape} tone--${props.tone}`} aria-hidden="true" />
}
