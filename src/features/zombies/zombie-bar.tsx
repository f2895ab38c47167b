// A bar that is shown while there are zombies: their number, their memory, their states, and a button to end them.
import { type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { countOf, formatBytes } from '#contract/units'
import { COLOR_MEANINGS } from '../../state/color-words.ts'
import { summarize } from '../../state/deck-summary.ts'
import { usePage } from '../../state/page-context.ts'
import { Mark } from '../../ui/mark.tsx'
import './zombies.css'

export function ZombieBar(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  /** Without those that are left alone: they are not ended with the others. */
  const zombies = (): readonly Instance[] =>
    props.instances.filter(({ colour, isLeftAlone }) => colour === 'red' && !isLeftAlone)
  const memory = (): number | null => summarize(zombies()).memoryBytes
  return (
    <Show when={zombies().length > 0}>
      <div class="zombie-bar" role="status">
        <Mark shape="cross" tone="red" />
        <span class="zombie-bar__words" title={COLOR_MEANINGS.red.meaning}>
          {countOf(zombies().length, 'zombie')}
          <Show when={memory()}>
            {(bytes) => (
              <>
                {zombies().length === 1 ? ' uses ' : ' use '}
                {formatBytes(bytes())}
              </>
            )}
          </Show>
        </span>
        <span class="zombie-bar__states">{stateWords(zombies())}</span>
        <button
          type="button"
          class="button button--ending"
          onClick={() => page.open({ kind: 'ending', title: 'Kill all zombies', ids: null })}
        >
          Kill all zombies ({zombies().length})
        </button>
      </div>
    </Show>
  )
}

/** Returns `2 orphaned, 1 hung`. */
function stateWords(zombies: readonly Instance[]): string {
  const states = [...new Set(zombies.map(({ state }) => state))]
  return states.map((state) => `${zombies.filter((one) => one.state === state).length} ${state}`).join(', ')
}
