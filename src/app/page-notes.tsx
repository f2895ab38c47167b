// Notes above the tabs: lost connection, exited instance, notices of the backend.
import { Key } from '@solid-primitives/keyed'
import { type JSX, Show } from 'solid-js'
import { formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import type { DeckStore } from '../state/deck-store.ts'
import { usePage } from '../state/page-context.ts'
import { ALL } from '../state/tab-selection.ts'
import { Note } from '../ui/note.tsx'

export function PageNotes(props: { deck: DeckStore }): JSX.Element {
  const page = usePage()
  return (
    <div class="app__notes">
      <Show when={props.deck.lostAtMs()}>
        {(since) => (
          <Note tone="error" title="Lost connection to Serena Deck.">
            The data shown is {formatSpan(Math.max(page.now(), Date.now()) - since())} old. Reconnecting. If
            Serena Deck is not running, start it with <code class="mono">serena-deck open</code>.
          </Note>
        )}
      </Show>
      <Show when={props.deck.endedTitle()}>
        {(title) => (
          <Note
            tone="plain"
            action={
              <button type="button" class="button" onClick={() => props.deck.select(ALL)}>
                Close
              </button>
            }
          >
            {visibleLine(title())} has exited.
          </Note>
        )}
      </Show>
      <Key each={props.deck.state.notices} by="id">
        {(notice) => (
          <Note tone={notice().level === 'warning' ? 'warning' : 'plain'}>{visibleLine(notice().text)}</Note>
        )}
      </Key>
    </div>
  )
}
