// What the flags of an instance say, and what one may do about it: the ending is offered, and asked about, never done by itself.
import { For, type JSX, Show } from 'solid-js'
import type { FlagNote, Instance } from '#contract/instance'
import { endingTitle, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import './flag-notes.css'

/** How many others get a button of their own. */
const MOST_SHOWN = 3

export function FlagNotes(props: { instance: Instance }): JSX.Element {
  const notes = (): readonly FlagNote[] => props.instance.flagNotes ?? []
  // A row is its flag's: what is open stays open while its words change.
  const flags = (): FlagNote['flag'][] => notes().map(({ flag }) => flag)
  return (
    <Show when={notes().length > 0}>
      <ul class="flag-notes" aria-label="Flags">
        <For each={flags()}>
          {(flag) => (
            <Show when={notes().find((note) => note.flag === flag)}>
              {(note) => (
                <li class="flag-notes__row">
                  <details>
                    <summary class="flag-notes__summary">
                      <span class="flag">{flag}</span>
                      <span class="flag-notes__words">{shown(note().text)}</span>
                    </summary>
                    <p class="flag-notes__more">
                      {shown(note().more)} <strong>{shown(note().advice)}</strong>
                    </p>
                  </details>
                  <Show when={offersOf(notes()) === flag}>
                    <Offers notes={notes()} own={props.instance} />
                  </Show>
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
    </Show>
  )
}

/** Only those on one project are about others; a duplicate's note says the most, and is about some of the same. */
const offering = (notes: readonly FlagNote[]): readonly FlagNote[] =>
  notes.filter(({ flag }) => flag === 'collision' || flag === 'duplicate')
const offersOf = (notes: readonly FlagNote[]): FlagNote['flag'] | undefined => offering(notes).at(-1)?.flag

function Offers(props: { notes: readonly FlagNote[]; own: Instance }): JSX.Element {
  const page = usePage()
  const others = (): string[] =>
    [...new Set(offering(props.notes).flatMap((note) => note.others))]
      .filter((id) => page.instance(id) !== undefined)
      .slice(0, MOST_SHOWN)
  const unused = (): Instance | undefined => {
    const id = offering(props.notes).findLast((note) => note.unused !== null)?.unused
    return id == null ? undefined : page.instance(id)
  }
  return (
    <div class="flag-notes__offers">
      <Show when={unused()}>
        {(one) => (
          <button
            type="button"
            class="button"
            onClick={() => page.open({ kind: 'ending', title: endingTitle([one()]), ids: [one().id] })}
          >
            End {one().id === props.own.id ? 'this one' : shown(one().title)} …
          </button>
        )}
      </Show>
      <For each={others()}>
        {(id) => (
          <button type="button" class="button" onClick={() => page.select(id)}>
            Show {shown(page.instance(id)?.title ?? id)}
          </button>
        )}
      </For>
    </div>
  )
}
