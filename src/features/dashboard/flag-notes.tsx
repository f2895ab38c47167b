// The notes of an instance's flags, with actions. An instance is ended only after a confirmation.
import { For, type JSX, Show } from 'solid-js'
import { endingTitle } from '#contract/ending-words'
import type { Flag, FlagNote, Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import './flag-notes.css'

/** Maximum number of buttons for other instances. */
const MAX_OTHERS = 3

export function FlagNotes(props: { instance: Instance }): JSX.Element {
  const notes = (): readonly FlagNote[] => props.instance.flagNotes ?? []
  // One row per flag: an open row stays open when its text changes.
  const flags = (): Flag[] => notes().map(({ flag }) => flag)
  return (
    <Show when={notes().length > 0}>
      <ul class="flag-notes" aria-label="Flags">
        <For each={flags()}>
          {(flag) => (
            <Show when={notes().find((note) => note.flag === flag)}>
              {(note) => (
                <li class="flag-notes__row">
                  <Note note={note()} />
                  <Show when={flagWithActions(notes()) === flag}>
                    <Actions notes={notes()} own={props.instance} />
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

function Note(props: { note: FlagNote }): JSX.Element {
  return (
    <details>
      <summary class="flag-notes__summary">
        <span class="flag">{props.note.flag}</span>
        <span class="flag-notes__words">{visibleLine(props.note.text)}</span>
      </summary>
      <p class="flag-notes__more">
        {visibleLine(props.note.more)} <strong>{visibleLine(props.note.advice)}</strong>
      </p>
    </details>
  )
}

/** Returns the notes about other instances. The note of a duplicate includes the note of a collision. */
const notesAboutOthers = (notes: readonly FlagNote[]): readonly FlagNote[] =>
  notes.filter(({ flag }) => flag === 'collision' || flag === 'duplicate')
const flagWithActions = (notes: readonly FlagNote[]): Flag | undefined => notesAboutOthers(notes).at(-1)?.flag

function Actions(props: { notes: readonly FlagNote[]; own: Instance }): JSX.Element {
  const page = usePage()
  const others = (): string[] =>
    [...new Set(notesAboutOthers(props.notes).flatMap((note) => note.others))]
      .filter((id) => page.instance(id) !== undefined)
      .slice(0, MAX_OTHERS)
  const unused = (): Instance | undefined => {
    const id = notesAboutOthers(props.notes).findLast((note) => note.unused !== null)?.unused
    return id == null ? undefined : page.instance(id)
  }
  return (
    <div class="flag-notes__actions">
      <Show when={unused()}>
        {(one) => (
          <button
            type="button"
            class="button"
            onClick={() => page.open({ kind: 'ending', title: endingTitle([one()]), ids: [one().id] })}
          >
            End {one().id === props.own.id ? 'this instance' : visibleLine(one().title)} …
          </button>
        )}
      </Show>
      <Show when={props.own.hubSerena === undefined && props.own.project}>
        {(project) => (
          <button
            type="button"
            class="button"
            onClick={() =>
              page.open({ kind: 'share', instanceId: props.own.id, projectName: project().name })
            }
          >
            Share this project …
          </button>
        )}
      </Show>
      <For each={others()}>
        {(id) => (
          <button type="button" class="button" onClick={() => page.select(id)}>
            Show {visibleLine(page.instance(id)?.title ?? id)}
          </button>
        )}
      </For>
    </div>
  )
}
