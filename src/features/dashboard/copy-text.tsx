// A path that a click copies.
import type { JSX } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import { PathText } from '../../ui/text.tsx'
import './copy-text.css'

export function CopyText(props: {
  text: string
  /** The shortened text on the page. */
  label: string
  /** The name of the text, for example "the project folder". */
  name: string
}): JSX.Element {
  const page = usePage()
  return (
    <button
      type="button"
      class="copy-text"
      onClick={() => page.copy(props.text, props.name)}
      aria-label={`Copy ${props.name} ${visibleLine(props.text)}`}
    >
      <PathText text={props.label} title={`${visibleLine(props.text)}\nClick to copy`} />
    </button>
  )
}
