// The functions of the REPL, by facade; disabled ones are marked.
import { For, type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import { visibleLine } from '#contract/visible-text'

type Facade = NonNullable<Overview['facades']>[number]

/** Returns the number of enabled functions. */
export const enabledOf = (facades: readonly Facade[]): number =>
  facades.reduce((sum, { methods }) => sum + methods.filter(({ isEnabled }) => isEnabled).length, 0)

export function Functions(props: { facades: readonly Facade[] }): JSX.Element {
  return (
    <For each={props.facades} fallback={<p class="muted">No functions.</p>}>
      {(facade) => (
        <div class="facade">
          <span class="facade__name mono" classList={{ muted: !facade.isEnabled }}>
            s.{visibleLine(facade.name)}
            {facade.isEnabled ? '' : ' (off)'}
          </span>
          <ul class="names">
            <For each={facade.methods} fallback={<li class="muted">none</li>}>
              {(method) => (
                <li
                  class="names__name mono"
                  classList={{ 'names__name--off': !method.isEnabled }}
                  title={`${visibleLine(facade.name)}.${visibleLine(method.name)}`}
                >
                  {visibleLine(method.name)}
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
