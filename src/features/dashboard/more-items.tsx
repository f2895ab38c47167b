// The further items of an instance's menu; loaded after the first paint.
import { Key } from '@solid-primitives/keyed'
import { createSignal, type JSX, onMount } from 'solid-js'
import type { Instance } from '#contract/instance'
import {
  copyCommands,
  editorCommands,
  type InstanceCommand,
  jumpCommands,
  projectCommands,
} from '../../state/instance-commands.ts'
import { type Editors, loadEditors } from '../../state/load-editors.ts'
import { usePage } from '../../state/page-context.ts'
import { MenuGroup, MenuItem } from '../../ui/menu.tsx'

export function MoreItems(props: { instance: Instance; dashboardUrl: string | null }): JSX.Element {
  const page = usePage()
  const [editors, setEditors] = createSignal<Editors>([])
  onMount(() => void loadEditors(page.backend).then(setEditors))
  return (
    <>
      <Commands of={jumpCommands(page, props.instance)} />
      <Commands of={editorCommands(page, props.instance, editors())} />
      <Commands of={projectCommands(page, props.instance)} />
      <MenuGroup label="Copy">
        <Commands of={copyCommands(page, props.instance, props.dashboardUrl)} />
      </MenuGroup>
    </>
  )
}

/** An item stays the same element, and keeps the focus, when data of the instance arrives. */
function Commands(props: { of: readonly InstanceCommand[] }): JSX.Element {
  return (
    <Key each={props.of} by="id">
      {(command) => <MenuItem onSelect={() => command().run()}>{command().label}</MenuItem>}
    </Key>
  )
}
