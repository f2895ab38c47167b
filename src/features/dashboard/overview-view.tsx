// Overview: the sections of the stock dashboard, with Serena's own names. What runs now on the left, what is there on the right.
import { createMemo, type JSX, Show } from 'solid-js'
import type { Capability, Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createPolled, type Remembered } from '../../state/polled.ts'
import { Section, SubSection } from '../../ui/section.tsx'
import { Absent, AsOf, Problem, Waiting } from '../answer-notes.tsx'
import { HistoryPanel } from '../history/history-panel.tsx'
import { MemoryList } from '../memories/memory-list.tsx'
import { usePage } from '../page-context.ts'
import { Configuration } from './configuration.tsx'
import { ExecutionsQueue, LastExecution } from './executions.tsx'
import { ChoiceList, NameList, UsageBars } from './lists.tsx'
import { News } from './news.tsx'
import { Welcome } from './opens-on-launch.tsx'
import './overview-view.css'

const OVERVIEW_MS = 5_000
const EXECUTIONS_MS = 1_500

/** What each tab showed last. */
const OVERVIEWS = new Map<string, Remembered<Capability<Overview>>>()

export function OverviewView(props: {
  instance: Instance
  closedSections: readonly string[]
  onToggle: (section: string, isOpen: boolean) => void
}): JSX.Element {
  const page = usePage()
  const key = (): string => props.instance.id
  const isOpen = (section: string): boolean => !props.closedSections.includes(section)
  const overview = createPolled({
    key,
    isActive: page.isVisible,
    everyMs: OVERVIEW_MS,
    changes: page.changes,
    memory: OVERVIEWS,
    ask: (id, signal) => page.backend.call('overview', { params: { id }, signal }),
  })
  const executions = createPolled({
    key,
    isActive: () => page.isVisible() && (isOpen('Executions Queue') || isOpen('Last Execution')),
    everyMs: EXECUTIONS_MS,
    changes: page.changes,
    ask: (id, signal) => page.backend.call('executions', { params: { id }, signal }),
  })
  const known = createMemo(() => dataOf(overview.data()))
  const runs = createMemo(() => dataOf(executions.data()))
  // The hint is asked inside: a section that is made anew with each count would lose the focus.
  const section = (title: string, hint: () => string | undefined, body: () => JSX.Element): JSX.Element => (
    <Section
      title={title}
      hint={hint()}
      isOpen={isOpen(title)}
      onToggle={(open) => props.onToggle(title, open)}
    >
      {body()}
    </Section>
  )
  const fold = (name: string, title: () => string, body: () => JSX.Element): JSX.Element => (
    <SubSection title={title()} isOpen={isOpen(name)} onToggle={(open) => props.onToggle(name, open)}>
      {body()}
    </SubSection>
  )

  return (
    <div class="overview">
      <Problem error={overview.error()} isStale={overview.data() !== undefined} />
      <AsOf atMs={overview.rememberedAtMs()} />
      <Absent answer={overview.data()} what="configuration" />
      <Show
        when={known()}
        fallback={<Waiting isWaiting={overview.data() === undefined && overview.error() === null} />}
      >
        {(facts) => (
          <>
            <News instance={props.instance} />
            <Show when={facts().opensDashboardOnLaunch === 'undecided'}>
              <Welcome instance={props.instance} />
            </Show>
            <div class="overview__columns">
              <div class="overview__column">
                {section('Current Configuration', noHint, () => (
                  <Configuration instance={props.instance} overview={facts()} fold={fold} />
                ))}
                {section(
                  'Memories',
                  () => countOf(facts().memories),
                  () => (
                    <MemoryList
                      instance={props.instance}
                      names={facts().memories}
                      empty={noMemories(facts())}
                    />
                  ),
                )}
                {section('Tool Usage', noHint, () => (
                  <UsageBars calls={facts().toolCalls} />
                ))}
                {section(
                  'Executions Queue',
                  () => countOf(runs()?.queue ?? null),
                  () => (
                    <ExecutionsQueue
                      instance={props.instance}
                      answer={executions.data()}
                      error={executions.error()}
                    />
                  ),
                )}
                {section('Last Execution', noHint, () => (
                  <LastExecution answer={executions.data()} error={executions.error()} />
                ))}
              </div>
              <div class="overview__column">
                {section(
                  'Registered Projects',
                  () => countOf(facts().registeredProjects),
                  () => (
                    <ChoiceList
                      choices={facts().registeredProjects}
                      empty="No project is registered."
                      filter="Filter the projects"
                    />
                  ),
                )}
                {section(
                  'Available Tools',
                  () => countOf(facts().availableTools),
                  () => (
                    <NameList
                      names={facts().availableTools}
                      empty="Every tool is active."
                      filter="Filter the available tools"
                    />
                  ),
                )}
                {section(
                  'Available Modes',
                  () => countOf(facts().availableModes),
                  () => (
                    <ChoiceList
                      choices={facts().availableModes}
                      empty="There is no mode."
                      filter="Filter the modes"
                    />
                  ),
                )}
                {section(
                  'Available Contexts',
                  () => countOf(facts().availableContexts),
                  () => (
                    <ChoiceList
                      choices={facts().availableContexts}
                      empty="There is no context."
                      filter="Filter the contexts"
                    />
                  ),
                )}
              </div>
            </div>
          </>
        )}
      </Show>
      {/* Once there is something above it: it would jump down. */}
      <Show when={overview.data() !== undefined || overview.error() !== null}>
        {section('History', noHint, () => (
          <HistoryPanel about={props.instance.id} changes={props.instance.colour} />
        ))}
      </Show>
    </div>
  )
}

const dataOf = <Data,>(answer: Capability<Data> | undefined): Data | null =>
  answer?.isAvailable ? answer.data : null
const countOf = (list: readonly unknown[] | null): string | undefined =>
  list === null ? undefined : String(list.length)
const noHint = (): undefined => undefined
const noMemories = ({ project, memories }: Overview): string =>
  memories !== null
    ? 'There is no memory yet.'
    : project === null
      ? 'Memories belong to a project, and none is active.'
      : 'This instance may not read memories.'
