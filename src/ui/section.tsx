// A collapsible section with a heading, and a subsection. Collapsed content is not rendered.
import { createUniqueId, type JSX, Show } from 'solid-js'
import './section.css'

interface CollapsibleProps {
  title: string
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
  children: JSX.Element
}

export function Section(
  props: CollapsibleProps & {
    /** A short text next to the title, such as a count. */
    hint?: string | undefined
  },
): JSX.Element {
  const id = createUniqueId()
  return (
    <section class="section" aria-labelledby={`${id}-title`}>
      <div class="section__head">
        <h3 class="section__title">
          <Toggle {...props} class="section__toggle" id={id} />
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

/** A section inside another section. */
export function SubSection(props: CollapsibleProps): JSX.Element {
  const id = createUniqueId()
  return (
    <section class="sub-section" aria-labelledby={`${id}-title`}>
      <h4>
        <Toggle {...props} class="section__toggle section__toggle--sub" id={id} />
      </h4>
      <div id={id} class="sub-section__body" hidden={!props.isOpen}>
        <Show when={props.isOpen}>{props.children}</Show>
      </div>
    </section>
  )
}

function Toggle(props: Omit<CollapsibleProps, 'children'> & { class: string; id: string }): JSX.Element {
  return (
    <button
      type="button"
      class={props.class}
      id={`${props.id}-title`}
      aria-expanded={props.isOpen}
      aria-controls={props.id}
      onClick={() => props.onToggle(!props.isOpen)}
    >
      <svg class="section__arrow" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
        <path d="M2 1l4 3-4 3z" fill="currentColor" />
      </svg>
      {props.title}
    </button>
  )
}
