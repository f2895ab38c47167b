// The tab of an instance: its whole header has the tint of its state.
import { Pin } from 'lucide'
import { createMemo, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { sharedCount } from '#contract/owner-words'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { secondLine, tabTooltip } from '../../state/instance-words.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Tab } from '../../ui/tabs.tsx'

export function InstanceTab(props: {
  instance: Instance
  position: { index: number; count: number } | undefined
  isNew: boolean
  isPinned: boolean
  /** Shows memory, owner and port. */
  hasDetails: boolean
  nowMs: number
}): JSX.Element {
  const title = (): string => visibleLine(props.instance.title)
  return (
    <Tab
      value={props.instance.id}
      class={`tab tint--${props.instance.colour}`}
      label={`${title()}, ${props.instance.state}`}
      title={tabTooltip(props.instance)}
      position={props.position}
      instanceId={props.instance.id}
    >
      <Mark shape={STATE_SHAPES[props.instance.state]} tone={props.instance.colour} />
      <span class="tab__title" data-title={title()}>
        {title()}
        <Show when={props.isNew}>
          <span class="tab__new">new</span>
        </Show>
      </span>
      <Show when={!props.hasDetails && sharedCount(props.instance)}>
        {(count) => <span class="tab__clients">{count()}</span>}
      </Show>
      <Show when={props.isPinned}>
        <Icon of={Pin} px={12} />
      </Show>
      <Show when={props.hasDetails}>
        <span class="tab__memory">
          {props.instance.memoryBytes === null ? '' : formatBytes(props.instance.memoryBytes)}
        </span>
        <SecondLine instance={props.instance} nowMs={props.nowMs} />
      </Show>
    </Tab>
  )
}

function SecondLine(props: { instance: Instance; nowMs: number }): JSX.Element {
  const line = createMemo(() => secondLine(props.instance, props.nowMs))
  return (
    <span class="tab__second" classList={{ 'tone--red': props.instance.colour === 'red' }}>
      <span class="tab__words">{line().words}</span>
      <span class="tab__numbers">{line().numbers}</span>
    </span>
  )
}
