// The functions of a REPL: by facade, those that are switched off named as such.
import { For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import { shown } from '../instance-words.ts'

type Facade = NonNullable<Overview['facades']>[number]

/** How many of them are switched on. */
export const enabledOf = (facades: readonly Facade[]): number =>
  facades.reduce((sum, { methods }) => sum + methods.filter(({ isEnabled }) => isEnabled).length, 0)

export function Functions(props: { facades: readonly Facade[] }): JSX.Element {
  return (
    <For each={props.facades} fallback={<p class="muted">No function is there.</p>}>
      {(facade) => (
        <div class="facade">
          <span class="facade__name mono" classList={{ muted: !facade.isEnabled }}>
            s.{shown(facade.name)}
            {facade.isEnabled ? '' : ' (off)'}
          </span>
          <ul class="names">
            <For each={facade.methods} fallback={<li class="muted">none</li>}>
              {(method) => (
                <li
                  class="names__name mono"
                  classList={{ 'names__name--off': !method.isEnabled }}
                  title={`${shown(facade.name)}.${shown(method.name)}`}
                >
                  {shown(method.name)}
                  <Show when={!method.isEnabled}> (off)</Show>
                </li>
              )}
            </For>
          </ul>
        </div>
      )}
    </For>
  )
}
