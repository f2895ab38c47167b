// One Serena of the hub: project, state, memory, and its actions.
import { Ellipsis } from 'lucide'
import { type JSX, Show } from 'solid-js'
import type { HubSerena } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { markOf, projectWords, sleepWords } from '../../state/hub-words.ts'
import { usePage } from '../../state/page-context.ts'
import { shortPath } from '../../state/short-path.ts'
import { Icon } from '../../ui/icon.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { PathText } from '../../ui/text.tsx'
import { hubActions } from './hub-actions.ts'

export function SerenaCard(props: { serena: HubSerena; instance: Instance | undefined }): JSX.Element {
  const mark = (): ReturnType<typeof markOf> => markOf(props.serena, props.instance)
  const facts = (): string =>
    [
      props.serena.context,
      ...props.serena.modes,
      props.serena.pid === null ? null : `PID ${props.serena.pid}`,
      sleepWords(props.serena),
      props.serena.crashes === 0 ? null : `${props.serena.crashes} × crashed`,
    ]
      .filter((part) => part !== null)
      .map(visibleLine)
      .join(' · ')
  return (
    <div class={`hub-serena hub-serena--${mark().tone}`}>
      <div class="hub-serena__head">
        <Mark shape={mark().shape} tone={mark().tone} />
        <Name serena={props.serena} instance={props.instance} />
        <span class={`hub-serena__state tone--${mark().tone}`}>{mark().word}</span>
        <span class="hub-serena__memory">
          {props.serena.memoryBytes === null ? '' : formatBytes(props.serena.memoryBytes)}
        </span>
        <SerenaMenu serena={props.serena} />
      </div>
      <Show when={props.serena.project?.path}>
        {(path) => (
          <div class="hub-serena__path muted">
            <PathText text={shortPath(path())} title={visibleLine(path())} />
          </div>
        )}
      </Show>
      <p class="hub-serena__facts muted">{facts()}</p>
      <Show when={props.serena.privateBecause}>
        {(why) => <p class="hub-serena__facts muted">Not shared: {visibleLine(why())}</p>}
      </Show>
      <Show when={props.serena.fault}>
        {(why) => <p class="hub-serena__facts tone--red">{visibleLine(why())}</p>}
      </Show>
    </div>
  )
}

/** A button that opens its tab, if it has one. */
function Name(props: { serena: HubSerena; instance: Instance | undefined }): JSX.Element {
  const page = usePage()
  return (
    <Show when={props.instance} fallback={<span class="hub-serena__name">{projectWords(props.serena)}</span>}>
      {(instance) => (
        <button
          type="button"
          class="hub-serena__name hub-serena__open"
          title={visibleLine(instance().title)}
          onClick={() => page.select(instance().id)}
        >
          {projectWords(props.serena)}
        </button>
      )}
    </Show>
  )
}

function SerenaMenu(props: { serena: HubSerena }): JSX.Element {
  const page = usePage()
  const actions = hubActions(page)
  return (
    <Menu
      label={`Actions for the Serena of ${projectWords(props.serena)}`}
      class="button button--quiet button--icon"
      trigger={<Icon of={Ellipsis} />}
    >
      <MenuItem onSelect={() => actions.restart(props.serena)}>
        {props.serena.pid === null ? 'Start …' : 'Restart …'}
      </MenuItem>
      <Show when={props.serena.pid !== null}>
        <MenuItem onSelect={() => actions.stop(props.serena)}>Stop …</MenuItem>
      </Show>
    </Menu>
  )
}
