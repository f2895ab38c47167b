// What is done with the rows that are chosen.
import type { JSX } from 'solid-js'
import { formatBytes } from '#contract/units'
import type { Choice } from '../../state/choice.ts'
import { summarise } from '../../state/deck-summary.ts'
import { endingTitle, endingVerb } from '../instance-words.ts'
import { usePage } from '../page-context.ts'

export function ChoiceBar(props: { choice: Choice }): JSX.Element {
  const page = usePage()
  const chosen = (): ReturnType<Choice['chosen']> => props.choice.chosen()
  const words = (): string => {
    if (chosen().length === 0) return 'Tick what is to be ended.'
    const { memoryBytes } = summarise(chosen())
    return [`${chosen().length} chosen`, ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)])].join(
      ' · ',
    )
  }
  return (
    <div class="choice-bar">
      <span class="choice-bar__words" role="status">
        {words()}
      </span>
      <button
        type="button"
        class="button button--danger"
        disabled={chosen().length === 0}
        onClick={() =>
          page.open({ kind: 'ending', title: endingTitle(chosen()), ids: chosen().map(({ id }) => id) })
        }
      >
        {endingVerb(chosen())} them …
      </button>
      <button type="button" class="button" onClick={() => props.choice.setOn(false)}>
        Done
      </button>
    </div>
  )
}
