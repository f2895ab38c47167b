// The hub: its clients at the left, the Serenas that they share at the right, and the memory that is saved.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { HubSerena, HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { countOf, formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { clientCount, namedClients } from '../../state/hub-words.ts'
import { usePage } from '../../state/page-context.ts'
import { ClientRows } from './client-rows.tsx'
import { hubActions } from './hub-actions.ts'
import { Links } from './links.tsx'
import { SerenaCard } from './serena-card.tsx'
import './hub.css'

export function HubView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  return (
    <Show when={page.hub()} fallback={<NoHub />}>
      {(hub) => (
        <div class="hub">
          <HubHead hub={hub()} />
          <Show when={hub().serenas.length > 0} fallback={<p class="muted">No client is connected yet.</p>}>
            <ul class="hub__list" aria-label="Serenas of the hub">
              <For each={hub().serenas.map(({ id }) => id)}>
                {(id) => <SerenaRow id={id} hub={hub()} instances={props.instances} />}
              </For>
            </ul>
          </Show>
        </div>
      )}
    </Show>
  )
}

function HubHead(props: { hub: HubStatus }): JSX.Element {
  const page = usePage()
  const asleep = (): number => props.hub.serenas.filter(({ state }) => state === 'asleep').length
  return (
    <div class="hub__head">
      <p class="hub__summary">
        <strong>{countOf(clientCount(props.hub), 'client')}</strong> on{' '}
        <strong>{countOf(props.hub.serenas.length, 'Serena')}</strong>
        <Show when={asleep() > 0}>, {asleep()} asleep</Show>{' '}
        <Show when={(props.hub.savedBytes ?? 0) > 0}>
          <span
            class="hub__saved"
            title="What separate Serenas for these clients would use more, measured now"
          >
            {formatBytes(props.hub.savedBytes)} saved by sharing
          </span>
        </Show>
      </p>
      <p class="hub__about muted">
        Process {props.hub.pid} · version {visibleLine(props.hub.release)}
        <Show when={props.hub.httpUrl}>{(url) => <> · {visibleLine(url())}</>}</Show>
      </p>
      <button type="button" class="button hub__stop" onClick={() => hubActions(page).stopHub(props.hub)}>
        Stop the hub …
      </button>
    </div>
  )
}

function SerenaRow(props: { id: string; hub: HubStatus; instances: readonly Instance[] }): JSX.Element {
  const serena = createMemo((): HubSerena | undefined => props.hub.serenas.find(({ id }) => id === props.id))
  const instance = createMemo(() => props.instances.find(({ hubSerena }) => hubSerena === props.id))
  return (
    <Show when={serena()}>
      {(known) => (
        <li class="hub__row" classList={{ 'hub__row--asleep': known().state === 'asleep' }}>
          <SerenaCard serena={known()} instance={instance()} />
          <Links clients={known().clients} />
          <Show when={known().clients.length > 0} fallback={<p class="hub__no-client muted">No client</p>}>
            <ClientRows clients={namedClients(known(), instance())} />
          </Show>
        </li>
      )}
    </Show>
  )
}

function NoHub(): JSX.Element {
  return (
    <div class="hub hub--none">
      <h2 class="hub__title">The hub is not running.</h2>
      <p>
        The hub runs one Serena per project for all clients, puts it to sleep while it is not used, and
        restarts it when it crashes. It starts with the first client whose configuration runs Serena through{' '}
        <code class="mono">serena-deck connect</code>:
      </p>
      <p>
        <code class="mono">serena-deck connect -- serena start-mcp-server …</code>
      </p>
    </div>
  )
}
