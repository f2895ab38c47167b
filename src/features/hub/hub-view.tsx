// The hub: a picture of what is connected to what, and its Serenas with their clients and actions.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { HubSerena, HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { namedClients } from '../../state/hub-words.ts'
import { createLazyPart } from '../../state/lazy-part.ts'
import { usePage } from '../../state/page-context.ts'
import { LazyView } from '../../ui/lazy-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ClientRows } from './client-rows.tsx'
import { hubActions } from './hub-actions.ts'
import { SerenaCard } from './serena-card.tsx'
import './hub.css'

const picture = createLazyPart(async () => (await import('./hub-picture.tsx')).HubPicture)
/** Of a map with three Serenas. */
const PICTURE_PX = 156

export function HubView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  return (
    <Show when={page.hub()} fallback={<NoHub />}>
      {(hub) => (
        <div class="hub">
          <Show when={hub().serenas.length > 0} fallback={<p class="muted">No client is connected yet.</p>}>
            <LazyView
              of={picture}
              with={{ hub: hub(), instances: props.instances }}
              skeleton={<Skeleton rows={2} picturePx={PICTURE_PX} />}
            />
            <ul class="hub__list" aria-label="Serenas of the hub">
              <For each={hub().serenas.map(({ id }) => id)}>
                {(id) => <SerenaRow id={id} hub={hub()} instances={props.instances} />}
              </For>
            </ul>
          </Show>
          <HubFoot hub={hub()} />
        </div>
      )}
    </Show>
  )
}

function HubFoot(props: { hub: HubStatus }): JSX.Element {
  const page = usePage()
  return (
    <div class="hub__foot">
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
        <li class="hub__row">
          <SerenaCard serena={known()} instance={instance()} />
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
        restarts it when it crashes. The hub starts with the first client whose configuration runs Serena
        through <code class="mono">serena-deck connect</code>:
      </p>
      <p>
        <code class="mono">serena-deck connect -- serena start-mcp-server …</code>
      </p>
    </div>
  )
}
