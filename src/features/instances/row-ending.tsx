// The button of a red row: opens the preview of its ending.
import type { JSX } from 'solid-js'
import { endingTitle } from '#contract/ending-words'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'

export function RowEnding(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const verb = (): string => (props.instance.state === 'dead' ? 'Remove' : 'End')
  return (
    <button
      type="button"
      class="button row-ending"
      aria-label={`${verb()} ${visibleLine(props.instance.title)} …`}
      onClick={(event) => {
        event.stopPropagation()
        page.open({ kind: 'ending', title: endingTitle([props.instance]), ids: [props.instance.id] })
      }}
    >
      {verb()} …
    </button>
  )
}
