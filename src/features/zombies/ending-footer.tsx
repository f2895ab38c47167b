// The buttons of the ending dialog.
import { type JSX, Show } from 'solid-js'
import type { Receipt } from '#contract/ending'
import { usePage } from '../../state/page-context.ts'
import type { Ending } from './create-ending.ts'
import { endLabel, totalsText } from './ending-plan.ts'
import { launchText, receiptText } from './receipt-words.ts'

interface FooterProps {
  ending: Ending
  onClose: () => void
}

export function EndingFooter(props: FooterProps): JSX.Element {
  return (
    <Show when={props.ending.receipt()} fallback={<PlanButtons {...props} />}>
      {(receipt) => <ReceiptButtons {...props} receipt={receipt()} />}
    </Show>
  )
}

function PlanButtons(props: FooterProps): JSX.Element {
  const label = (): string => {
    // Not known yet how many.
    if (!props.ending.plan()) return 'End instances'
    const words = endLabel(props.ending.totals())
    if (!props.ending.isEnding()) return words
    return words.startsWith('Remove') ? 'Removing …' : 'Ending …'
  }
  return (
    <>
      <span class="spacer muted">{totalsText(props.ending.totals())}</span>
      <button type="button" class="button" onClick={() => props.onClose()}>
        {props.ending.isEnding() ? 'Close (continues in the background)' : 'Cancel'}
      </button>
      <button
        type="button"
        class="button button--ending"
        disabled={props.ending.totals().count === 0 || props.ending.action.isBusy()}
        onClick={() => props.ending.end()}
      >
        {label()}
      </button>
    </>
  )
}

function ReceiptButtons(props: FooterProps & { receipt: Receipt }): JSX.Element {
  const page = usePage()
  return (
    <>
      <span class="spacer" />
      <Show when={props.receipt.ended.length > 1 && launchText(props.receipt)}>
        {(text) => (
          <button type="button" class="button" onClick={() => page.copy(text(), 'the launch commands')}>
            Copy launch commands
          </button>
        )}
      </Show>
      <button
        type="button"
        class="button"
        onClick={() => page.copy(receiptText(props.receipt, props.ending.titleOf), 'the receipt')}
      >
        Copy receipt
      </button>
      <button type="button" class="button button--primary" onClick={() => props.onClose()}>
        Close
      </button>
    </>
  )
}
