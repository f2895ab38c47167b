// The buttons that choose the shown time of the timeline.
import { For, type JSX } from 'solid-js'
import { PRESETS, type TimeView, ZOOM } from './time-window.ts'

export function ZoomTools(props: {
  view: TimeView
  onView: (view: TimeView) => void
  zoom: (factor: number) => void
  move: (share: number) => void
}): JSX.Element {
  return (
    <span class="timeline-view__zoom" role="group" aria-label="Time range">
      <For each={PRESETS}>
        {({ name, spanMs }) => (
          <button
            type="button"
            class="button button--small"
            aria-pressed={props.view.spanMs === spanMs && props.view.toMs === null}
            onClick={() => props.onView({ spanMs, toMs: null })}
          >
            {name}
          </button>
        )}
      </For>
      <button
        type="button"
        class="button button--small"
        aria-label="Earlier"
        onClick={() => props.move(-0.5)}
      >
        ‹
      </button>
      <button type="button" class="button button--small" aria-label="Later" onClick={() => props.move(0.5)}>
        ›
      </button>
      <button
        type="button"
        class="button button--small"
        aria-label="Zoom in"
        title="Also +, or the wheel with Ctrl"
        onClick={() => props.zoom(ZOOM)}
      >
        +
      </button>
      <button
        type="button"
        class="button button--small"
        aria-label="Zoom out"
        title="Also -, or the wheel with Ctrl"
        onClick={() => props.zoom(1 / ZOOM)}
      >
        −
      </button>
    </span>
  )
}
