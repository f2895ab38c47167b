// A titled part of a page that folds. The heading stays; what is folded is not drawn at all.
import { createUniqueId, type JSX, Show } from 'solid-js'
import './section.css'

export function Section(props: {
  title: string
  /** A few words beside the title, such as a count. */
  hint?: string | undefined
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
  children: JSX.Element
}): JSX.Element {
  const id = createUniqueId()
  return (
    <section class="section" aria-labelledby={`${id}-title`}>
      <div class="section__head">
        <h3 class="section__title">
          <button
            type="button"
            class="section__toggle"
            id={`${id}-title`}
            aria-expanded={props.isOpen}
            aria-controls={id}
            onClick={() => props.onToggle(!props.isOpen)}
          >
            <svg class="section__arrow" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
              <path d="M2 1l4 3-4 3z" fill="currentColor" />
            </svg>
            {props.title}
          </button>
        </h3>
        <Show when={props.hint}>
          <span class="section__hint">{props.hint}</span>
        </Show>
      </div>
      <div id={id} class="section__body" hidden={!props.isOpen}>
        <Show when={props.isOpen}>{props.children}</Show>
      </div>
    </section>
  )
}
