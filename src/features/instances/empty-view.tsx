// Nothing to show, said with what was looked at.
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import { Section } from '../../ui/section.tsx'
import { shortPath } from '../instance-words.ts'
import { HelperList } from './helper-list.tsx'
import './empty-view.css'

export function EmptyView(props: {
  hasLooked: boolean
  serenaHomes: readonly string[]
  helpers: readonly HelperProcess[]
  nowMs: number
  history: () => JSX.Element
}): JSX.Element {
  const [isHistoryOpen, setIsHistoryOpen] = createSignal(false)
  return (
    <div class="empty">
      <Show when={props.hasLooked} fallback={<p class="muted">Looking for Serenas …</p>}>
        <h2 class="empty__title">No Serena is running.</h2>
        <p>
          Start one from your IDE, or try the demo: <code class="mono">serena-deck demo</code>
        </p>
        <p class="muted">Looked at all processes of this machine, and at the homes</p>
        <ul class="empty__homes">
          <For each={props.serenaHomes}>{(home) => <li class="mono">{shortPath(home)}</li>}</For>
        </ul>
        <div class="empty__helpers">
          <HelperList helpers={props.helpers} nowMs={props.nowMs} />
        </div>
        <div class="empty__history">
          <Section title="History" isOpen={isHistoryOpen()} onToggle={setIsHistoryOpen}>
            {props.history()}
          </Section>
        </div>
      </Show>
    </div>
  )
}

/** Instances there are, but none fits the search. */
export function NoMatch(props: { search: string; onClear: () => void }): JSX.Element {
  return (
    <div class="empty">
      <p>No instance fits “{props.search}”.</p>
      <button type="button" class="button" onClick={() => props.onClear()}>
        Clear the search
      </button>
    </div>
  )
}
