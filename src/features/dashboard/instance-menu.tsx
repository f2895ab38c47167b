// The menu of actions on one instance.
import { type JSX, onMount, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { createLazyPart } from '../../state/lazy-part.ts'
import { usePage } from '../../state/page-context.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { createInstanceActions } from './instance-actions.ts'

export function InstanceMenu(props: { instance: Instance; dashboardUrl: string | null }): JSX.Element {
  const page = usePage()
  const more = createLazyPart(() => import('./more-items.tsx'))
  const actions = createInstanceActions(page, () => props.instance)
  // Without the backend the menu has the other items.
  onMount(() => void more.load().catch(() => undefined))
  return (
    <Menu label={`Actions for ${visibleLine(props.instance.title)}`} class="button" trigger="Actions">
      <Show when={more.part()}>{(part) => <Dynamic component={part().MoreItems} {...props} />}</Show>
      <Show when={props.dashboardUrl}>
        <MenuItem onSelect={actions.editConfiguration}>Edit Serena's configuration …</MenuItem>
        <Show when={props.instance.project?.path}>
          <MenuItem onSelect={() => actions.reveal('project')}>Open project folder</MenuItem>
        </Show>
        <MenuItem onSelect={() => actions.reveal('log')}>Open log folder</MenuItem>
        <MenuItem onSelect={actions.shutDown}>Shut down …</MenuItem>
      </Show>
      <MenuItem onSelect={actions.end}>
        {props.instance.state === 'dead' ? 'Remove entry …' : 'End this instance …'}
      </MenuItem>
    </Menu>
  )
}
