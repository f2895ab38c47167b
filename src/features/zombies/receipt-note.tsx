// The result of an ending: totals, then the instances that were not ended and the processes that are still running.
import { For, type JSX, Show } from 'solid-js'
import { leftRunningText, type Receipt } from '#contract/ending'
import { visibleLine } from '#contract/visible-text'
import { Note } from '../../ui/note.tsx'
import { doneText } from './receipt-words.ts'

export function ReceiptNote(props: { receipt: Receipt; titleOf: (id: string) => string }): JSX.Element {
  return (
    <Note tone={props.receipt.survivors.length > 0 ? 'error' : 'plain'}>
      <strong>{doneText(props.receipt)}</strong>
      <For each={props.receipt.refused}>
        {({ id, why }) => (
          <div>
            Not ended: {visibleLine(props.titleOf(id))}. {visibleLine(why)}
          </div>
        )}
      </For>
      <Show when={(props.receipt.leftRunning?.length ?? 0) > 0}>
        <div>Left running: {visibleLine(leftRunningText(props.receipt.leftRunning ?? []))}</div>
      </Show>
      <For each={props.receipt.survivors}>
        {({ pid, why }) => (
          <div>
            Still running: process {pid}. {visibleLine(why)}
          </div>
        )}
      </For>
    </Note>
  )
}
