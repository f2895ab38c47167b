// Facts that are known without the dashboard.
import { type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes, processesOf } from '#contract/units'
import { visibleText } from '#contract/visible-text'
import { exactTime } from '../../state/locale.ts'
import { ownerLine, usersLine } from '../../state/owner-line.ts'
import { usePage } from '../../state/page-context.ts'
import { age, ago } from '../../state/relative-time.ts'
import { shortPath } from '../../state/short-path.ts'
import { CopyText } from './copy-text.tsx'

export function InstanceFacts(props: { instance: Instance; dashboardUrl: string | null }): JSX.Element {
  return (
    <dl class="verdict__facts">
      <Show when={isShared(props.instance) ? ownerLine(props.instance) : usersLine(props.instance)}>
        {(users) => (
          <Fact
            name="Owner"
            isWide
            title={props.instance.owner ? `Process ID ${props.instance.owner.pid}` : undefined}
          >
            {users()}
          </Fact>
        )}
      </Show>
      <Show when={props.instance.project?.path}>
        {(path) => (
          <Fact name="Folder" isWide>
            <CopyText text={path()} label={shortPath(path())} name="the project folder" />
          </Fact>
        )}
      </Show>
      <Show when={props.instance.port}>
        {(port) => (
          <Fact name="Port">
            <Port port={port()} dashboardUrl={props.dashboardUrl} />
          </Fact>
        )}
      </Show>
      <Show when={props.instance.note}>{(note) => <Fact name="Note">{visibleText(note())}</Fact>}</Show>
      <Usage instance={props.instance} />
    </dl>
  )
}

/** Its clients have a section of their own. */
const isShared = ({ hubSerena }: Instance): boolean => hubSerena !== undefined

/** Memory, times and CPU use. CPU use is last because its width changes most often. */
function Usage(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  return (
    <>
      <Show when={props.instance.memoryBytes !== null}>
        <Fact
          name="Memory"
          title={`${props.instance.memoryKind?.toUpperCase() ?? ''} of ${processesOf(props.instance.processCount)}`}
        >
          {formatBytes(props.instance.memoryBytes)} in {processesOf(props.instance.processCount)}
        </Fact>
      </Show>
      <Show when={age(props.instance, page.now())}>
        {(words) => (
          <Fact name="Age" title={exactTime(props.instance.startedAt ?? '')}>
            {words()}
          </Fact>
        )}
      </Show>
      <Show when={props.instance.lastActivityAt}>
        {(at) => (
          <Fact name="Last activity" title={exactTime(at())}>
            {ago(at(), page.now())}
          </Fact>
        )}
      </Show>
      <Show when={props.instance.cpuPercent !== null}>
        <Fact name="CPU">{props.instance.cpuPercent} %</Fact>
      </Show>
    </>
  )
}

function Fact(props: {
  name: string
  title?: string | undefined
  /** Long texts. */
  isWide?: boolean
  children: JSX.Element
}): JSX.Element {
  return (
    <div classList={{ 'verdict__fact--wide': props.isWide === true }}>
      <dt>{props.name}</dt>
      <dd title={props.title}>{props.children}</dd>
    </div>
  )
}

function Port(props: { port: number; dashboardUrl: string | null }): JSX.Element {
  return (
    <Show when={props.dashboardUrl} fallback={props.port}>
      {(url) => (
        <a href={url()} target="_blank" rel="noreferrer" title="Open Serena's own dashboard">
          {props.port}
        </a>
      )}
    </Show>
  )
}
