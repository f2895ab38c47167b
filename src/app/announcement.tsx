// The short status message, with the button of its action.
import { type JSX, Show } from 'solid-js'
import type { Announcer } from './create-announcer.ts'

export function Announcement(props: { announcer: Announcer }): JSX.Element {
  return (
    <div class="app__announcement" role="status">
      {props.announcer.announcement()}
      <Show when={props.announcer.action()}>
        {(action) => (
          <button
            type="button"
            class="button button--small app__undo"
            title="Ctrl+Z"
            onClick={() => props.announcer.runAction()}
          >
            {action().label}
          </button>
        )}
      </Show>
    </div>
  )
}
