// The head of a section: a group of the selected grouping, or a group of instances of one client on one project. Sums, and one action.
import { ChevronDown, ChevronRight } from 'lucide'
import { type JSX, Show } from 'solid-js'
import type { Flag, Instance } from '#contract/instance'
import { flagsOfGroup, groupWords, type InstanceGroup } from '#contract/instance-groups'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { type Group, summarize } from '../../state/deck-summary.ts'
import { flagTitle } from '../../state/flag-words.ts'
import { ownerLine } from '../../state/owner-line.ts'
import { usePage } from '../../state/page-context.ts'
import { Icon } from '../../ui/icon.tsx'
import { groupAction } from './group-action.ts'
import type { Section } from './sections.ts'

export function SectionHead(props: { section: Section; onToggle: (key: string) => void }): JSX.Element {
  return (
    <div class="all__head">
      <Show
        when={props.section.instanceGroup}
        fallback={
          <Show when={props.section.group}>
            {(group) => <GroupHead {...props} group={group()} isExpanded={isExpanded(props.section)} />}
          </Show>
        }
      >
        {(group) => <InstanceGroupHead {...props} group={group()} isExpanded={isExpanded(props.section)} />}
      </Show>
    </div>
  )
}

const isExpanded = ({ instances }: Section): boolean => instances.length > 0

interface HeadProps<Kind> {
  section: Section
  group: Kind
  isExpanded: boolean
  onToggle: (key: string) => void
}

function GroupHead(props: HeadProps<Group>): JSX.Element {
  const page = usePage()
  const name = (): string =>
    props.group.name === null
      ? (NO_NAMES[props.section.key.split(' ', 1)[0] ?? ''] ?? 'Unknown')
      : visibleLine(props.group.name)
  return (
    <>
      <Toggle {...props} title={undefined}>
        {name()}
      </Toggle>
      <span class="muted">
        {['', String(props.group.instances.length), ...sums(props.group.instances)].join(' · ')}
      </span>
      <Action members={props.group.instances} nowMs={page.now()} />
    </>
  )
}

function InstanceGroupHead(props: HeadProps<InstanceGroup>): JSX.Element {
  const page = usePage()
  const owner = (): string | undefined => {
    const [first] = props.group.members
    return (first && ownerLine(first)) ?? undefined
  }
  return (
    <>
      <Toggle {...props} title={owner()}>
        {groupWords(props.group)}
      </Toggle>
      <GroupFlags group={props.group} />
      <span class="muted">{sums(props.group.members).join(' · ')}</span>
      <Action members={props.group.members} nowMs={page.now()} />
    </>
  )
}

/** Memory and CPU use, as far as they are known. */
function sums(instances: readonly Instance[]): string[] {
  const { memoryBytes, cpuPercent } = summarize(instances)
  return [
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    ...(cpuPercent === null ? [] : [`${cpuPercent} % CPU`]),
  ]
}

/** The group of instances without one. */
const NO_NAMES: Readonly<Record<string, string>> = { project: 'No project', client: 'Unknown client' }

function Toggle(
  props: Omit<HeadProps<unknown>, 'group'> & { title: string | undefined; children: JSX.Element },
): JSX.Element {
  return (
    <button
      type="button"
      class="all__toggle"
      aria-expanded={props.isExpanded}
      title={props.title}
      onClick={() => props.onToggle(props.section.key)}
    >
      <Icon of={props.isExpanded ? ChevronDown : ChevronRight} px={14} />
      <span>{props.children}</span>
    </button>
  )
}

function Action(props: { members: readonly Instance[]; nowMs: number }): JSX.Element {
  const page = usePage()
  return (
    <Show when={groupAction(props.members, props.nowMs)}>
      {(action) => (
        <button type="button" class="button all__action" onClick={() => page.open(action().dialog)}>
          {action().label}
        </button>
      )}
    </Show>
  )
}

function GroupFlags(props: { group: InstanceGroup }): JSX.Element {
  const flags = (): Flag[] => flagsOfGroup(props.group)
  const titleOf = (flag: Flag): string => {
    const one = props.group.members.find((member) => member.flags.includes(flag))
    return one ? flagTitle(one, flag) : flag
  }
  return (
    <Show when={flags()[0]}>
      {(flag) => (
        <span class="flag" title={flags().map(titleOf).join('\n')}>
          {flag()}
          {flags().length > 1 ? ` +${flags().length - 1}` : ''}
        </span>
      )}
    </Show>
  )
}
