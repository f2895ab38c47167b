// The dialogs of the page. They stand outside of the tabs: what is typed in one outlives the instance it is about.
import { type JSX, Match, Switch } from 'solid-js'
import { createAction } from '../state/action.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure } from './failure.tsx'
import { MemoryDialog } from './memories/memory-dialog.tsx'
import type { PageDialog } from './page-context.ts'
import { ConfigurationDialog } from './settings/configuration-dialog.tsx'
import { SettingsDialog } from './settings/settings-dialog.tsx'
import { ShortcutsDialog } from './shortcuts/shortcuts-dialog.tsx'
import { EndingDialog } from './zombies/ending-dialog.tsx'

export function PageDialogs(props: { dialog: PageDialog | null; onClose: () => void }): JSX.Element {
  const of = <Kind extends PageDialog['kind']>(kind: Kind): Extract<PageDialog, { kind: Kind }> | false =>
    props.dialog?.kind === kind && (props.dialog as Extract<PageDialog, { kind: Kind }>)
  return (
    <Switch>
      <Match when={of('memory')} keyed>
        {(dialog) => <MemoryDialog {...dialog} onClose={() => props.onClose()} />}
      </Match>
      <Match when={of('configuration')} keyed>
        {(dialog) => <ConfigurationDialog {...dialog} onClose={() => props.onClose()} />}
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
      <Match when={of('confirm')} keyed>
        {(dialog) => <ConfirmDialog dialog={dialog} onClose={() => props.onClose()} />}
      </Match>
    </Switch>
  )
}

function ConfirmDialog(props: {
  dialog: Extract<PageDialog, { kind: 'confirm' }>
  onClose: () => void
}): JSX.Element {
  const action = createAction()
  const act = (): void => {
    void action
      .run(() => props.dialog.run())
      .then((isDone) => {
        if (isDone) props.onClose()
      })
  }
  return (
    <Dialog
      title={props.dialog.title}
      onClose={() => props.onClose()}
      footer={
        <>
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="button" class="button button--danger" disabled={action.isBusy()} onClick={act}>
            {action.isBusy() ? 'Working …' : props.dialog.action}
          </button>
        </>
      }
    >
      <p>{props.dialog.text}</p>
      <Failure error={action.error()} />
    </Dialog>
  )
}
