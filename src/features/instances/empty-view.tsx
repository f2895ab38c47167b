// The content of the All tab while there are no instances.
import { createEffect, createSignal, For, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import { COLOURS } from '#contract/instance'
import { COLOR_SHAPES } from '#contract/instance-marks'
import { COLOR_MEANINGS } from '../../state/color-words.ts'
import { shortPath } from '../../state/short-path.ts'
import { Mark } from '../../ui/mark.tsx'
import { Section } from '../../ui/section.tsx'
import { HelperList } from './helper-list.tsx'
import './empty-view.css'

export function EmptyView(props: {
  /** False until the first scan has finished. */
  isScanned: boolean
  serenaHomes: readonly string[]
  helpers: readonly HelperProcess[]
  nowMs: number
  history: () => JSX.Element
  health: () => JSX.Element
  isHealthOpen: boolean
  onHealth: (isOpen: boolean) => void
  /** The hub, if it is running. */
  hub: () => JSX.Element
}): JSX.Element {
  const [isHistoryOpen, setIsHistoryOpen] = createSignal(false)
  let sections: HTMLDivElement | undefined
  // The header opens it from anywhere on the page.
  createEffect(() => {
    if (props.isScanned && props.isHealthOpen) sections?.scrollIntoView({ block: 'start' })
  })
  return (
    <div class="empty">
      <Show when={props.isScanned} fallback={<p class="muted">Searching for Serena instances …</p>}>
        <h2 class="empty__title">No Serena instances are running.</h2>
        <FirstSteps />
        <ColorLegend />
        <p class="muted">Searched all processes on this machine and these Serena homes:</p>
        <ul class="empty__homes">
          <For each={props.serenaHomes}>{(home) => <li class="mono">{shortPath(home)}</li>}</For>
        </ul>
        {props.hub()}
        <div class="empty__helpers">
          <HelperList helpers={props.helpers} nowMs={props.nowMs} />
        </div>
        <div class="empty__history" ref={(element) => (sections = element)}>
          <Section title="Health" isOpen={props.isHealthOpen} onToggle={(isOpen) => props.onHealth(isOpen)}>
            {props.health()}
          </Section>
          <Section title="History" isOpen={isHistoryOpen()} onToggle={setIsHistoryOpen}>
            {props.history()}
          </Section>
        </div>
      </Show>
    </div>
  )
}

/** The three ways to get a first instance. */
function FirstSteps(): JSX.Element {
  return (
    <ol class="empty__steps">
      <li>
        <strong>Start from your IDE</strong>
        <span class="muted">Open a project in a client that uses Serena. Its tab appears here.</span>
      </li>
      <li>
        <strong>Set up your clients</strong>
        <code class="mono">serena-deck setup</code>
        <span class="muted">One Serena per project for all clients, with a preview of each change.</span>
      </li>
      <li>
        <strong>Try the demo</strong>
        <code class="mono">serena-deck demo</code>
        <span class="muted">Shows simulated instances of every color.</span>
      </li>
    </ol>
  )
}

/** What the colors of tabs mean. */
function ColorLegend(): JSX.Element {
  return (
    <ul class="empty__legend" aria-label="Colors">
      <For each={COLOURS}>
        {(color) => (
          <li>
            <span class={`chip tint--${color}`}>
              <Mark shape={COLOR_SHAPES[color]} tone={color} /> {COLOR_MEANINGS[color].word(1)}
            </span>
            <span class="muted">{COLOR_MEANINGS[color].meaning}</span>
          </li>
        )}
      </For>
    </ul>
  )
}

/** The content of the All tab while no instance matches the search. */
export function NoMatch(props: { search: string; onClear: () => void }): JSX.Element {
  return (
    <div class="empty">
      <p>No instance matches “{props.search}”.</p>
      <button type="button" class="button" onClick={() => props.onClear()}>
        Clear search
      </button>
    </div>
  )
}
