// The head of an instance in one line: title, state, flags, evidence, actions. Its height is the same in every view, so that the tabs
// stay in place.
import { For, type JSX, Show } from 'solid-js'
import { type Certainty, evidenceOfState, type Instance } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { visibleLine } from '#contract/visible-text'
import { flagTitle, plainFlags } from '../../state/flag-words.ts'
import { labelLines, labelParts } from '../../state/label-words.ts'
import { Mark } from '../../ui/mark.tsx'
import { InstanceMenu } from './instance-menu.tsx'

const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  certain: 'certain',
  probable: 'probable',
  unknown: 'uncertain',
}

export function Verdict(props: { instance: Instance; dashboardUrl: string | null }): JSX.Element {
  return (
    <div class={`verdict tint--${props.instance.colour}`} data-instance={props.instance.id}>
      <h2 class="verdict__title">
        <Mark shape={STATE_SHAPES[props.instance.state]} tone={props.instance.colour} />
        <span class="verdict__name">{visibleLine(props.instance.title)}</span>
        <span class="chip">{props.instance.state}</span>
        <For each={plainFlags(props.instance)}>
          {(flag) => (
            <span class="flag" title={flagTitle(props.instance, flag)}>
              {flag}
            </span>
          )}
        </For>
        <For each={labelParts(props.instance)}>
          {(part) => (
            <span class="flag" title={labelLines(props.instance).join('\n')}>
              {part}
            </span>
          )}
        </For>
      </h2>
      <Evidence instance={props.instance} />
      <Show when={props.instance.pid !== null && props.instance.state !== 'unknown'}>
        <div class="verdict__menu">
          <InstanceMenu instance={props.instance} dashboardUrl={props.dashboardUrl} />
        </div>
      </Show>
    </div>
  )
}

/** Beside the title; in a narrow window below it. */
function Evidence(props: { instance: Instance }): JSX.Element {
  const words = (): string => evidenceOfState(props.instance).map(visibleLine).join(' ')
  return (
    <p
      class="verdict__evidence"
      classList={{ 'tone--red': props.instance.colour === 'red', muted: props.instance.colour !== 'red' }}
      title={words()}
    >
      {words()}
      <Show when={props.instance.verdict.certainty !== 'certain'}>
        {' '}
        <span class="muted">({CERTAINTY_WORDS[props.instance.verdict.certainty]})</span>
      </Show>
    </p>
  )
}
