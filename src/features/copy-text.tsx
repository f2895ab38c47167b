// A path or address that one click copies.
import type { JSX } from 'solid-js'
import { PathText } from '../ui/text.tsx'
import { shown } from './instance-words.ts'
import { usePage } from './page-context.ts'
import './copy-text.css'

export function CopyText(props: { text: string; shown: string; what: string }): JSX.Element {
  const page = usePage()
  return (
    <button
      type="button"
      class="copy-text"
      onClick={() => page.copy(props.text, props.what)}
      aria-label={`Copy ${props.what} ${shown(props.text)}`}
    >
      <PathText text={props.shown} title={`${shown(props.text)}\nClick to copy`} />
    </button>
  )
}
