// The curves between the clients and their Serena. Decorative: the rows say the same.
import { For, type JSX } from 'solid-js'
import type { HubClient } from '#contract/hub'

/** The client rows share the height of the curves equally, so a percentage is enough. */
const MIDDLE = 50

export function Links(props: { clients: readonly HubClient[] }): JSX.Element {
  const heightOf = (at: number): number => ((at + 0.5) / props.clients.length) * 100
  return (
    <svg class="hub__links" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <For each={props.clients}>
        {(client, at) => (
          <path
            d={`M0 ${heightOf(at())} C50 ${heightOf(at())} 50 ${MIDDLE} 100 ${MIDDLE}`}
            classList={{
              hub__link: true,
              'hub__link--busy': client.running + client.waiting > 0,
            }}
            vector-effect="non-scaling-stroke"
          />
        )}
      </For>
    </svg>
  )
}
