// The columns of Overview: configuration, activity, and available items. In a middle width the first two are one.
import { type ComponentProps, createMemo, type JSX } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { dataOf } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { ChoiceList } from './choice-list.tsx'
import { Configuration } from './configuration.tsx'
import { ExecutionsQueue } from './executions-queue.tsx'
import { LastExecution } from './last-execution.tsx'
import { NameList } from './name-list.tsx'
import { type Folding, OverviewSection } from './overview-section.tsx'
import { UsageBars } from './usage-bars.tsx'
import { UsageSection } from './usage-section.tsx'

const EXECUTIONS_MS = 1_500

export function CurrentColumns(props: {
  instance: Instance
  overview: Overview
  folding: Folding
  memories: () => JSX.Element
}): JSX.Element {
  const page = usePage()
  const isShown = (): boolean =>
    props.folding.isOpen('Executions Queue') || props.folding.isOpen('Last Execution')
  const executions = createPolled({
    key: () => props.instance.id,
    isActive: () => page.isVisible() && isShown(),
    everyMs: EXECUTIONS_MS,
    changes: page.changes,
    request: (id, signal) => page.backend.call('executions', { params: { id }, signal }),
  })
  const queued = createMemo(() => dataOf(executions.data())?.queue.length ?? null)
  return (
    <div class="overview__current">
      <div class="overview__column">
        <OverviewSection name="Current Configuration" folding={props.folding}>
          <Configuration instance={props.instance} overview={props.overview} folding={props.folding} />
        </OverviewSection>
      </div>
      <div class="overview__column">
        <OverviewSection
          name="Memories"
          folding={props.folding}
          count={props.overview.memories?.length ?? null}
        >
          {props.memories()}
        </OverviewSection>
        <OverviewSection name="Tool Usage" folding={props.folding}>
          <UsageBars calls={props.overview.toolCalls} />
        </OverviewSection>
        <OverviewSection name="Executions Queue" folding={props.folding} count={queued()}>
          <ExecutionsQueue instance={props.instance} answer={executions.data()} error={executions.error()} />
        </OverviewSection>
        <OverviewSection name="Last Execution" folding={props.folding}>
          <LastExecution answer={executions.data()} error={executions.error()} />
        </OverviewSection>
      </div>
    </div>
  )
}

export function AvailableColumn(props: {
  instance: Instance
  overview: Overview
  folding: Folding
}): JSX.Element {
  return (
    <div class="overview__column">
      <ChoiceSection
        name="Registered Projects"
        folding={props.folding}
        choices={props.overview.registeredProjects}
        empty="No registered projects."
        filterLabel="Filter projects"
      />
      <OverviewSection
        name="Available Tools"
        folding={props.folding}
        count={props.overview.availableTools.length}
      >
        <NameList
          names={props.overview.availableTools}
          empty="All tools are active."
          filterLabel="Filter available tools"
        />
      </OverviewSection>
      <ChoiceSection
        name="Available Modes"
        folding={props.folding}
        choices={props.overview.availableModes}
        empty="No modes."
        filterLabel="Filter modes"
      />
      <ChoiceSection
        name="Available Contexts"
        folding={props.folding}
        choices={props.overview.availableContexts}
        empty="No contexts."
        filterLabel="Filter contexts"
      />
      {/* Last: it is loaded later, and moves nothing when it appears. */}
      <UsageSection instance={props.instance} folding={props.folding} />
    </div>
  )
}

function ChoiceSection(
  props: ComponentProps<typeof ChoiceList> & { name: string; folding: Folding },
): JSX.Element {
  return (
    <OverviewSection name={props.name} folding={props.folding} count={props.choices.length}>
      <ChoiceList choices={props.choices} empty={props.empty} filterLabel={props.filterLabel} />
    </OverviewSection>
  )
}
