// The number of instances of each color, as buttons that filter by it.
import { For, type JSX, Show } from 'solid-js'
import type { Colour } from '#contract/instance'
import { COLOR_SHAPES } from '#contract/instance-marks'
import { COLOR_MEANINGS } from '../../state/color-words.ts'
import type { DeckSummary } from '../../state/deck-summary.ts'
import { statesIn, toggleState } from '../../state/instance-filter.ts'
import { Mark } from '../../ui/mark.tsx'

const COUNTED: readonly Colour[] = ['green', 'yellow', 'red', 'blue', 'grey']

export function ColorCounts(props: {
  byColor: DeckSummary['byColor']
  search: string
  onSearch: (search: string) => void
}): JSX.Element {
  return (
    <ul class="header__counts" aria-label="Instances by color">
      <For each={COUNTED}>
        {(color) => (
          // A color that is filtered by stays, so that the filter can be removed.
          <Show when={props.byColor[color] > 0 || statesIn(props.search).includes(color)}>
            <ColorCount
              color={color}
              count={props.byColor[color]}
              isFiltered={statesIn(props.search).includes(color)}
              onToggle={() => props.onSearch(toggleState(props.search, color))}
            />
          </Show>
        )}
      </For>
    </ul>
  )
}

function ColorCount(props: {
  color: Colour
  count: number
  isFiltered: boolean
  onToggle: () => void
}): JSX.Element {
  const words = (): string => COLOR_MEANINGS[props.color].word(props.count)
  return (
    <li class="header__count">
      <button
        type="button"
        class={`pill tint--${props.color}`}
        aria-pressed={props.isFiltered}
        aria-label={`${props.count} ${words()}`}
        onClick={() => props.onToggle()}
      >
        <Mark shape={COLOR_SHAPES[props.color]} tone={props.color} />
        {props.count}
      </button>
      <p class="header__meaning" aria-hidden="true">
        <strong>
          {props.count} {words()}
        </strong>{' '}
        {COLOR_MEANINGS[props.color].meaning}{' '}
        <span class="muted">{props.isFiltered ? 'Click to show all.' : 'Click to show only these.'}</span>
      </p>
    </li>
  )
}
