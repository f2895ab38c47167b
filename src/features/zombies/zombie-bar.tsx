// Said only while there is something to say: how many serve nobody any more, what they hold, and the one button.
import { type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { summarise } from '../../state/deck-summary.ts'
import { Mark } from '../../ui/mark.tsx'
import { usePage } from '../page-context.ts'
import './zombies.css'

export function ZombieBar(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  const zombies = (): readonly Instance[] => props.instances.filter(({ colour }) => colour === 'red')
  const memory = (): number | null => summarise(zombies()).memoryBytes
  return (
    <Show when={zombies().length > 0}>
      <div class="zombie-bar" role="status">
        <Mark shape="cross" tone="red" />
        <span class="zombie-bar__words">
          {zombies().length} {zombies().length === 1 ? 'zombie' : 'zombies'}
          <Show when={memory()}>{(bytes) => <> · {formatBytes(bytes())}</>}</Show>
        </span>
        <button
          type="button"
          class="button button--danger"
          onClick={() => page.open({ kind: 'ending', title: 'Kill all zombies', ids: null })}
        >
          Kill all zombies ({zombies().length})
        </button>
      </div>
    </Show>
  )
}
