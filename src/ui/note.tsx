// A message in the flow of the page: problem, cause and fix.
import { type JSX, Show } from 'solid-js'
import './note.css'

export function Note(props: {
  tone: 'plain' | 'warning' | 'error'
  title?: string | undefined
  children: JSX.Element
  action?: JSX.Element
}): JSX.Element {
  return (
    <div class={`note note--${props.tone}`} role={props.tone === 'error' ? 'alert' : 'status'}>
      <div class="note__text">
        <Show when={props.title}>
          <strong>{props.title}</strong>{' '}
        </Show>
        {props.children}
      </div>
      {props.action}
    </div>
  )
}
