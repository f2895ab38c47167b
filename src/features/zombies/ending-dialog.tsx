// Ends instances: first the plan with a checkbox each, then the progress, then the receipt.
import { For, type JSX, Show, untrack } from 'solid-js'
import type { EndingPlanItem } from '#contract/ending'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { createEnding, type Ending, type EndingInput } from './create-ending.ts'
import { EndingFooter } from './ending-footer.tsx'
import { PlanRow } from './plan-row.tsx'
import { ReceiptNote } from './receipt-note.tsx'
import './zombies.css'

export function EndingDialog(props: EndingInput & { title: string; onClose: () => void }): JSX.Element {
  // The instances to end do not change while the dialog is open.
  const ending = createEnding(untrack(() => ({ ...props })))
  return (
    <Dialog
      title={props.title}
      isWide
      isTall={false}
      onClose={() => props.onClose()}
      footer={<EndingFooter ending={ending} onClose={() => props.onClose()} />}
    >
      <ErrorNote error={ending.action.error()} />
      <Show when={ending.receipt()}>
        {(receipt) => <ReceiptNote receipt={receipt()} titleOf={ending.titleOf} />}
      </Show>
      <Show
        when={ending.plan()}
        fallback={<p class="muted">{ending.action.error() ? '' : 'Re-checking each instance …'}</p>}
      >
        {(items) => (
          <Show when={items().length > 0} fallback={<p>There are no instances to end.</p>}>
            <PlanList items={items()} ending={ending} isAll={props.ids === null} />
          </Show>
        )}
      </Show>
    </Dialog>
  )
}

function PlanList(props: { items: readonly EndingPlanItem[]; ending: Ending; isAll: boolean }): JSX.Element {
  return (
    <>
      {/* Focusable while its checkboxes are disabled, so that it can be scrolled by keyboard. */}
      <ul class="ending" aria-label="Instances to end" tabIndex={props.ending.isLocked() ? 0 : undefined}>
        <For each={props.items}>
          {(item) => <PlanRow item={item} ending={props.ending} isAll={props.isAll} />}
        </For>
      </ul>
      <Show when={props.ending.hasLeftRunning() && props.ending.receipt() === null}>
        <label class="ending__children">
          <input
            type="checkbox"
            checked={props.ending.includesChildren()}
            disabled={props.ending.isLocked()}
            onChange={(event) => props.ending.setIncludesChildren(event.currentTarget.checked)}
          />
          <span>Also end child processes that do not belong to Serena</span>
        </label>
      </Show>
    </>
  )
}
