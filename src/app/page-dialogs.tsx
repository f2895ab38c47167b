// The dialogs of the page. They are outside the tabs, so that unsaved text is kept when the instance exits.
import { type JSX, Match, Show, Switch, untrack } from 'solid-js'
import { FixDialog } from '../features/health/fix-dialog.tsx'
import { ShareDialog } from '../features/hub/share-dialog.tsx'
import { LabelDialog } from '../features/labels/label-dialog.tsx'
import { MemoryDialog } from '../features/memories/memory-dialog.tsx'
import { ConfigurationDialog } from '../features/settings/configuration-dialog.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import { ShortcutsDialog } from '../features/shortcuts/shortcuts-dialog.tsx'
import { SnippetDialog } from '../features/snippets/snippet-dialog.tsx'
import { EndingDialog } from '../features/zombies/ending-dialog.tsx'
import { usePage } from '../state/page-context.ts'
import type { PageDialog } from '../state/page-dialog.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { PaletteDialog } from './palette-dialog.tsx'

export function PageDialogs(props: { dialog: PageDialog | null; onClose: () => void }): JSX.Element {
  const page = usePage()
  const of = <Kind extends PageDialog['kind']>(kind: Kind): Extract<PageDialog, { kind: Kind }> | false =>
    props.dialog?.kind === kind && (props.dialog as Extract<PageDialog, { kind: Kind }>)
  return (
    <Switch>
      <Match when={of('memory')} keyed>
        {(dialog) => <MemoryDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('palette')} keyed>
        {(dialog) => <PaletteDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('configuration')} keyed>
        {(dialog) => <ConfigurationDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('label')} keyed>
        {(dialog) => (
          <Show when={untrack(() => page.instance(dialog.instanceId))} keyed>
            {(instance) => <LabelDialog instance={instance} onClose={() => props.onClose()} />}
          </Show>
        )}
      </Match>
      <Match when={of('snippet')} keyed>
        {(dialog) => <SnippetDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('settings')}>
        <SettingsDialog onClose={() => props.onClose()} />
      </Match>
      <Match when={of('ending')} keyed>
        {(dialog) => <EndingDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('shortcuts')} keyed>
        {(_dialog) => <ShortcutsDialog onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('share')} keyed>
        {(dialog) => <ShareDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('fix')} keyed>
        {(dialog) => <FixDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('confirm')} keyed>
        {(dialog) => <ConfirmDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
    </Switch>
  )
}
