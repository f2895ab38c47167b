// The small sign of a state: a shape that reads without its colour.
import { type JSX, Match, Switch } from 'solid-js'

export type MarkShape = 'full' | 'half' | 'cross' | 'ring' | 'bars' | 'dashes'
export type Tone = 'green' | 'yellow' | 'red' | 'blue' | 'grey'

/** A 12 px sign in a tone; what it means stands beside it in words. */
export function Mark(props: { shape: MarkShape; tone: Tone }): JSX.Element {
  return (
    <svg class={`mark tone--${props.tone}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <Switch>
        <Match when={props.shape === 'full'}>
          <circle cx="6" cy="6" r="5" fill="currentColor" />
        </Match>
        <Match when={props.shape === 'half'}>
          <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" stroke-width="1.2" />
          <path d="M6 1.6a4.4 4.4 0 0 0 0 8.8z" fill="currentColor" />
        </Match>
        <Match when={props.shape === 'cross'}>
          <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
        </Match>
        <Match when={props.shape === 'ring'}>
          <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6" />
        </Match>
        <Match when={props.shape === 'bars'}>
          <path d="M4 2v8M8 2v8" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </Match>
        <Match when={props.shape === 'dashes'}>
          <circle
            cx="6"
            cy="6"
            r="4.4"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-dasharray="2 1.5"
          />
        </Match>
      </Switch>
    </svg>
  )
}
