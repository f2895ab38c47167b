// The further items of an instance's menu; loaded after the first paint.
import { createSignal, For, type JSX, onMount } from 'solid-js'
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

function Commands(props: { of: readonly InstanceCommand[] }): JSX.Element {
  return <For each={props.of}>{(command) => <MenuItem onSelect={command.run}>{command.label}</MenuItem>}</For>
}
