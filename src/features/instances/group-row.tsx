// The row of many instances of one client on one project: what they have in common, and the end of the unused ones, on request.
import { type JSX, Show } from 'solid-js'
import { flagsOfGroup, groupWords, type InstanceGroup } from '#contract/instance-groups'
import { formatBytes } from '#contract/units'
import { summarise } from '../../state/deck-summary.ts'
import { flagTitle, ownerLine, shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { unusedEnding, unusedLabel } from './unused-ending.ts'

export function GroupRow(props: {
  group: InstanceGroup
  columns: number
  isOpen: boolean
  onToggle: () => void
}): JSX.Element {
  const page = usePage()
  const words = (): string => groupWords(props.group)
  const owner = (): string | null => {
    const [first] = props.group.members
    return first ? ownerLine(first) : null
  }
  const flags = () => flagsOfGroup(props.group)
  const titleOf = (flag: ReturnType<typeof flags>[number]): string => {
    const one = props.group.members.find((member) => member.flags.includes(flag))
    return one ? flagTitle(one, flag) : flag
  }
  return (
    <tr class="all__group all__group--many">
      <th scope="rowgroup" colSpan={props.columns}>
        <div class="all__many">
          <button
            type="button"
            class="all__open all__toggle"
            aria-expanded={props.isOpen}
            title={owner() ?? undefined}
            onClick={() => props.onToggle()}
          >
            <span class="all__chevron" aria-hidden="true">
              {props.isOpen ? '▾' : '▸'}
            </span>{' '}
            {words()}
          </button>
          <Show when={flags()[0]}>
            {(flag) => (
              <span class="flag" title={flags().map(titleOf).join('\n')}>
                {flag()}
                {flags().length > 1 ? ` +${flags().length - 1}` : ''}
              </span>
            )}
          </Show>
          <span class="muted">{shown(formatBytes(summarise(props.group.members).memoryBytes))}</span>
          <Show when={props.group.unused.length > 0}>
            <button
              type="button"
              class="button button--small"
              onClick={() => page.open(unusedEnding(props.group.unused))}
            >
              {unusedLabel(props.group.unused.length)}
            </button>
          </Show>
        </div>
      </th>
    </tr>
  )
}
