// What the marks of the lanes mean.
import { For, type JSX } from 'solid-js'
import { LEGEND, MARK_SHAPES } from './mark-shapes.ts'

export function Legend(): JSX.Element {
  return (
    <span class="lane-legend muted">
      <For each={LEGEND}>
        {({ kind, text }) => (
          <span class="lane-legend__item">
            <svg width="14" height="16" viewBox="-7 -8 14 16" aria-hidden="true">
              <path
                class={`lanes__mark lanes__mark--${MARK_SHAPES[kind].tone}`}
                classList={{ 'lanes__mark--filled': MARK_SHAPES[kind].isFilled }}
                d={MARK_SHAPES[kind].path}
              />
            </svg>
            {text}
          </span>
        )}
      </For>
      <span class="lane-legend__item">
        <svg width="8" height="16" viewBox="-4 -8 8 16" aria-hidden="true">
          <path class="lanes__calls" d="M-2-7V7M2-7V7" />
        </svg>
        tool calls
      </span>
    </span>
  )
}
