// The clients of one Serena: name, folder, times, calls, and a button that disconnects it.
import { For, type JSX, Show } from 'solid-js'
import type { HubClient } from '#contract/hub'
import { visibleLine } from '#contract/visible-text'
import { callWords, type NamedClient } from '../../state/hub-words.ts'
import { exactTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { ago } from '../../state/relative-time.ts'
import { shortPath } from '../../state/short-path.ts'
import { PathText } from '../../ui/text.tsx'
import { hubActions } from './hub-actions.ts'

export function ClientRows(props: { clients: readonly NamedClient[] }): JSX.Element {
  return (
    <ul class="hub-clients" aria-label="Clients">
      <For each={props.clients}>{(one) => <ClientRow {...one} />}</For>
    </ul>
  )
}

function ClientRow(props: NamedClient): JSX.Element {
  const page = usePage()
  return (
    <li class="hub-clients__row">
      <span class="hub-clients__name" title={idWords(props.client)}>
        {props.name}
        <Show when={callWords(props.client)}>
          {(words) => <span class="hub-clients__calls">{words()}</span>}
        </Show>
      </span>
      <button
        type="button"
        class="button button--small hub-clients__detach"
        aria-label={`Detach ${props.name} (${props.client.id})`}
        onClick={() => hubActions(page).detach(props.client, props.name)}
      >
        Detach
      </button>
      <span class="hub-clients__facts muted">
        <Show when={props.client.folder}>
          {(folder) => <PathText text={shortPath(folder())} title={visibleLine(folder())} />}
        </Show>
        <span class="hub-clients__times" title={timesTitle(props.client)}>
          {timeWords(props.client, page.now())}
        </span>
      </span>
    </li>
  )
}

const idWords = ({ id, pid }: HubClient): string =>
  pid === null ? `${id}, connected by HTTP` : `${id}, process ID of connect: ${pid}`

function timeWords({ connectedAt, lastCallAt }: HubClient, nowMs: number): string {
  const since = ago(connectedAt, nowMs)
  const connected = since === 'now' ? 'connected just now' : `connected ${since}`
  const call = ago(lastCallAt, nowMs)
  if (call === null) return `${connected} · no call yet`
  return `${connected} · last call ${call === 'now' ? 'just now' : call}`
}

const timesTitle = ({ connectedAt, lastCallAt }: HubClient): string =>
  [
    `Connected: ${exactTime(connectedAt)}`,
    ...(lastCallAt === null ? [] : [`Last call: ${exactTime(lastCallAt)}`]),
  ].join('\n')
