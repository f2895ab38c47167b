// What the flags of an instance say, and what one may do about it: the ending is offered, and asked about, never done by itself.
import { For, type JSX, Show } from 'solid-js'
import type { FlagNote, Instance } from '#contract/instance'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import './flag-notes.css'

/** How many others get a button of their own. */
const MOST_SHOWN = 3

export function FlagNotes(props: { instance: Instance }): JSX.Element {
  const notes = (): readonly FlagNote[] => props.instance.flagNotes ?? []
  return (
    <Show when={notes().length > 0}>
      <ul class="flag-notes" aria-label="Flags">
        <For each={notes()}>
          {(note, at) => (
            <li class="flag-notes__row">
              <span class="flag">{note.flag}</span>
              <div class="flag-notes__words">
                {shown(note.text)} <span class="flag-notes__advice">{shown(note.advice)}</span>
                {/* Two notes on the same others offer the same: once is enough. */}
                <Show
                  when={
                    !notes()
                      .slice(0, at())
                      .some((before) => hasSameOffer(before, note))
                  }
                >
                  <Offers note={note} own={props.instance} />
                </Show>
              </div>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

const hasSameOffer = (a: FlagNote, b: FlagNote): boolean =>
  b.others.every((id) => a.others.includes(id)) && (b.unused === null || a.unused === b.unused)

function Offers(props: { note: FlagNote; own: Instance }): JSX.Element {
  const page = usePage()
  const known = (ids: readonly string[]): Instance[] =>
    ids.map((id) => page.instance(id)).filter((one) => one !== undefined)
  const unused = (): Instance | undefined =>
    props.note.unused === null ? undefined : page.instance(props.note.unused)
  const others = (): Instance[] => known(props.note.others).slice(0, MOST_SHOWN)
  return (
    <Show when={others().length > 0 || unused()}>
      <span class="flag-notes__offers">
        <Show when={unused()}>
          {(one) => (
            <button
              type="button"
              class="button"
              onClick={() =>
                page.open({ kind: 'ending', title: `End ${shown(one().title)}`, ids: [one().id] })
              }
            >
              End {one().id === props.own.id ? 'this one' : shown(one().title)} …
            </button>
          )}
        </Show>
        <For each={others()}>
          {(other) => (
            <button type="button" class="button" onClick={() => page.select(other.id)}>
              Show {shown(other.title)}
            </button>
          )}
        </For>
      </span>
    </Show>
  )
}
