// Overview: the sections of the stock dashboard, with Serena's own names. What runs now on the left, what is there on the right.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Capability, Execution, Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import type { CallError } from '../../client/backend.ts'
import { createPolled, type Remembered } from '../../state/polled.ts'
import { Note } from '../../ui/note.tsx'
import { Section } from '../../ui/section.tsx'
import { ago, shown } from '../instance-words.ts'
import { MemoryList } from '../memories/memory-list.tsx'
import { usePage } from '../page-context.ts'
import { Configuration } from './configuration.tsx'
import { ChoiceList, NameList, UsageBars } from './lists.tsx'
import { News } from './news.tsx'
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
  const cancel = ({ taskId, name }: Execution): void =>
    page.open({
      kind: 'confirm',
      title: `Abandon ${shown(name)}?`,
      text: 'Its client gets an error at once. The work itself is not stopped: a command that a tool started runs to its end.',
      action: 'Abandon',
      run: async () => {
        const params = { id: props.instance.id }
        const { wasCancelled } = await page.backend.call('cancelExecution', { params, body: { taskId } })
        page.changed(wasCancelled ? `Abandoned ${shown(name)}.` : `${shown(name)} had ended already.`)
      },
    })
  const section = (title: string, hint: string | undefined, body: () => JSX.Element): JSX.Element => (
    <Section
      title={title}
      hint={hint}
      isOpen={isOpen(title)}
      onToggle={(open) => props.onToggle(title, open)}
    >
      {body()}
    </Section>
  )

  return (
    <div class="overview">
      <Problem error={overview.error()} isStale={overview.data() !== undefined} />
      <Show when={overview.rememberedAtMs()}>
        {(atMs) => (
          <p class="muted overview__waiting">
            As of {ago(new Date(atMs()).toISOString(), page.now())}, asking anew …
          </p>
        )}
      </Show>
      <Absent answer={overview.data()} what="configuration" />
      <Show
        when={known()}
        fallback={<Waiting isWaiting={overview.data() === undefined && overview.error() === null} />}
      >
        {(facts) => (
          <>
            <News instance={props.instance} />
            <div class="overview__columns">
              <div class="overview__column">
                {section('Current Configuration', undefined, () => (
                  <Configuration instance={props.instance} overview={facts()} />
                ))}
                {section('Memories', countOf(facts().memories), () => (
                  <MemoryList
                    instance={props.instance}
                    names={facts().memories}
                    empty={noMemories(facts())}
                  />
                ))}
                {section('Tool Usage', undefined, () => (
                  <UsageBars calls={facts().toolCalls} />
                ))}
                {section('Executions Queue', countOf(runs()?.queue ?? null), () => (
                  <Executions answer={executions.data()} error={executions.error()}>
                    <Show when={runs()?.queue.length} fallback={<p class="muted">Nothing runs or waits.</p>}>
                      <ul class="executions">
                        <For each={runs()?.queue}>
                          {(execution) => (
                            <ExecutionRow execution={execution} onCancel={() => cancel(execution)} />
                          )}
                        </For>
                      </ul>
                    </Show>
                  </Executions>
                ))}
                {section('Last Execution', undefined, () => (
                  <Executions answer={executions.data()} error={executions.error()}>
                    <Show when={runs()?.last} fallback={<p class="muted">Nothing has run yet.</p>}>
                      {(last) => (
                        <ul class="executions">
                          <ExecutionRow execution={last()} />
                        </ul>
                      )}
                    </Show>
                  </Executions>
                ))}
              </div>
              <div class="overview__column">
                {section('Registered Projects', countOf(facts().registeredProjects), () => (
                  <ChoiceList
                    choices={facts().registeredProjects}
                    empty="No project is registered."
                    filter="Filter the projects"
                  />
                ))}
                {section('Available Tools', countOf(facts().availableTools), () => (
                  <NameList
                    names={facts().availableTools}
                    empty="Every tool is active."
                    filter="Filter the available tools"
                  />
                ))}
                {section('Available Modes', countOf(facts().availableModes), () => (
                  <ChoiceList
                    choices={facts().availableModes}
                    empty="There is no mode."
                    filter="Filter the modes"
                  />
                ))}
                {section('Available Contexts', countOf(facts().availableContexts), () => (
                  <ChoiceList
                    choices={facts().availableContexts}
                    empty="There is no context."
                    filter="Filter the contexts"
                  />
                ))}
              </div>
            </div>
          </>
        )}
      </Show>
    </div>
  )
}

const dataOf = <Data,>(answer: Capability<Data> | undefined): Data | null =>
  answer?.isAvailable ? answer.data : null
const countOf = (list: readonly unknown[] | null): string | undefined =>
  list === null ? undefined : String(list.length)
const noMemories = ({ project, memories }: Overview): string =>
  memories !== null
    ? 'There is no memory yet.'
    : project === null
      ? 'Memories belong to a project, and none is active.'
      : 'This instance may not read memories.'

/** Why the last question failed, and whether what stands below is older. */
export function Problem(props: { error: CallError | null; isStale: boolean }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <Note tone="warning" title={shown(error().message)}>
          {shown(error().fix)} {props.isStale ? 'Below is the last answer.' : ''}
        </Note>
      )}
    </Show>
  )
}

/** What this Serena has not, and since which one it exists. */
export function Absent(props: { answer: Capability<unknown> | undefined; what: string }): JSX.Element {
  const absent = (): { since: string | null; why: string } | null => {
    if (props.answer?.isAvailable !== false) return null
    return props.answer
  }
  return (
    <Show when={absent()}>
      {(answer) => (
        <Note tone="plain" title={`No ${props.what} here.`}>
          {shown(answer().why)}
          {answer().since === null ? '' : ` It exists since Serena ${answer().since}.`}
        </Note>
      )}
    </Show>
  )
}

export function Waiting(props: { isWaiting: boolean }): JSX.Element {
  return (
    <Show when={props.isWaiting}>
      <p class="muted overview__waiting">Asking the instance …</p>
    </Show>
  )
}

function Executions(props: {
  answer: Capability<unknown> | undefined
  error: CallError | null
  children: JSX.Element
}): JSX.Element {
  return (
    <>
      <Problem error={props.error} isStale={props.answer !== undefined} />
      <Absent answer={props.answer} what="executions" />
      <Show when={props.answer?.isAvailable}>{props.children}</Show>
    </>
  )
}

function ExecutionRow(props: { execution: Execution; onCancel?: () => void }): JSX.Element {
  const outcome = (): { word: string; tone: string } => {
    const { isRunning, finishedSuccessfully } = props.execution
    if (isRunning) return { word: 'running', tone: 'tone--blue' }
    if (finishedSuccessfully === null) return { word: 'waiting', tone: 'tone--grey' }
    return finishedSuccessfully
      ? { word: 'succeeded', tone: 'tone--green' }
      : { word: 'failed', tone: 'tone--red' }
  }
  return (
    <li class="executions__row">
      <span class="mono">{shown(props.execution.name)}</span>
      <span class={outcome().tone}>{outcome().word}</span>
      <Show when={props.onCancel}>
        {(onCancel) => (
          <button type="button" class="button button--small" onClick={() => onCancel()()}>
            Abandon …
          </button>
        )}
      </Show>
    </li>
  )
}
