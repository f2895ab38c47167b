// Ending: what will be ended and why, with a box each; then how it goes; then the receipt.
import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { type EndingPlanItem, leftRunningText, type Receipt, scopeOf } from '#contract/ending'
import { createAction } from '../../state/action.ts'
import type { EndingProgress } from '../../state/deck-store.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { Failure } from '../failure.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import {
  chosenOf,
  doneWords,
  endWords,
  itemWords,
  launchText,
  leftRunningOf,
  receiptOf,
  receiptText,
  requestsOf,
  stepWords,
  sumWords,
} from './ending-state.ts'
import './zombies.css'

export function EndingDialog(props: {
  title: string
  /** Null: all red ones. */
  ids: string[] | null
  unusedSince?: string
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [plan, setPlan] = createSignal<readonly EndingPlanItem[] | null>(null)
  const [checked, setChecked] = createSignal<ReadonlySet<string>>(new Set())
  const [receipt, setReceipt] = createSignal<Receipt | null>(null)
  const [includesChildren, setIncludesChildren] = createSignal(false)
  const chosen = createMemo(() => chosenOf(plan() ?? [], checked()))
  const leftRunning = createMemo(() => leftRunningOf(plan() ?? [], checked()))

  /** As they were when the person was shown what will be done; empty: only red ones are meant. */
  const scopes = new Map<string, ReturnType<typeof scopeOf>>()

  onMount(() => {
    for (const id of props.ids ?? []) {
      const one = page.instance(id)
      scopes.set(id, one === undefined ? 'named' : scopeOf(one))
    }
    void action.run(async () => {
      const answer = await page.backend.call('planEnding', { body: { ids: props.ids } })
      setPlan(answer.plan)
      const first = answer.plan.filter(
        (item) => item.checked || (props.ids !== null && item.refusal === null),
      )
      setChecked(new Set(first.map(({ id }) => id)))
    })
  })
  const isLocked = (): boolean => action.isBusy() || receipt() !== null
  const titleOf = (id: string): string => plan()?.find((item) => item.id === id)?.title ?? id
  const toggle = (id: string): void => {
    const next = new Set(checked())
    if (!next.delete(id)) next.add(id)
    setChecked(next)
  }
  let isClosed = false
  onCleanup(() => {
    isClosed = true
  })
  const end = (): void => {
    void action.run(async () => {
      const [first, ...others] = requestsOf(checked(), scopes, includesChildren()).map((body) =>
        page.backend.call('end', {
          body: { ...body, ...(props.unusedSince !== undefined && { unusedSince: props.unusedSince }) },
        }),
      )
      if (first === undefined) return
      const done = receiptOf(await Promise.all([first, ...others]))
      setReceipt(done)
      // The receipt says it, where it is seen.
      page.changed(isClosed ? doneWords(done) : null)
    })
  }
  const isEnding = (): boolean => action.isBusy() && plan() !== null
  const endLabel = (): string => {
    const words = endWords(chosen())
    if (!isEnding()) return words
    return words.startsWith('Remove') ? 'Removing …' : 'Ending …'
  }

  return (
    <Dialog
      title={props.title}
      isWide
      isTall={false}
      onClose={() => props.onClose()}
      footer={
        <Show
          when={receipt()}
          fallback={
            <>
              <span class="spacer muted">{sumWords(chosen())}</span>
              <button type="button" class="button" onClick={() => props.onClose()}>
                {isEnding() ? 'Close, it goes on' : 'Cancel'}
              </button>
              <button
                type="button"
                class="button button--danger"
                disabled={chosen().count === 0 || action.isBusy()}
                onClick={end}
              >
                {endLabel()}
              </button>
            </>
          }
        >
          {(done) => (
            <>
              <span class="spacer" />
              <Show when={done().ended.length > 1 && launchText(done())}>
                {(text) => (
                  <button
                    type="button"
                    class="button"
                    onClick={() => page.copy(text(), 'the launch commands; none was run')}
                  >
                    Copy launch commands
                  </button>
                )}
              </Show>
              <button
                type="button"
                class="button"
                onClick={() => page.copy(receiptText(done(), titleOf), 'the receipt')}
              >
                Copy the receipt
              </button>
              <button type="button" class="button button--primary" onClick={() => props.onClose()}>
                Close
              </button>
            </>
          )}
        </Show>
      }
    >
      <Failure error={action.error()} />
      <Show when={receipt()}>{(done) => <ReceiptNote receipt={done()} titleOf={titleOf} />}</Show>
      <Show
        when={plan()}
        fallback={<p class="muted">{action.error() ? '' : 'Looking at each once more …'}</p>}
      >
        {(items) => (
          <Show when={items().length > 0} fallback={<p>There is nothing to end.</p>}>
            {/* With its boxes locked it is the only thing there to be scrolled by keys. */}
            <ul class="ending" aria-label="What is ended" tabIndex={isLocked() ? 0 : undefined}>
              <For each={items()}>
                {(item) => (
                  <PlanRow
                    item={item}
                    isAll={props.ids === null}
                    isChecked={checked().has(item.id)}
                    isLocked={isLocked()}
                    includesChildren={includesChildren()}
                    progress={page.ending(item.id)}
                    launch={receipt()?.ended.find(({ id }) => id === item.id)?.launch ?? null}
                    onToggle={() => toggle(item.id)}
                  />
                )}
              </For>
            </ul>
            <Show when={leftRunning().length > 0 && receipt() === null}>
              <label class="ending__children">
                <input
                  type="checkbox"
                  checked={includesChildren()}
                  disabled={isLocked()}
                  onChange={(event) => setIncludesChildren(event.currentTarget.checked)}
                />
                <span>Also end what these started that is not Serena’s own</span>
              </label>
            </Show>
          </Show>
        )}
      </Show>
    </Dialog>
  )
}

function PlanRow(props: {
  item: EndingPlanItem
  /** All red ones were asked for, not one by its name. */
  isAll: boolean
  isChecked: boolean
  isLocked: boolean
  includesChildren: boolean
  progress: EndingProgress | undefined
  /** Once it has ended: what it was started with. */
  launch: string | null
  onToggle: () => void
}): JSX.Element {
  const page = usePage()
  return (
    <li class="ending__row">
      <label class="ending__label">
        <input
          type="checkbox"
          checked={props.isChecked}
          disabled={props.isLocked || props.item.refusal !== null}
          onChange={() => props.onToggle()}
        />
        <span class="ending__title">{shown(props.item.title)}</span>
        <span class="ending__numbers muted">{itemWords(props.item)}</span>
      </label>
      <p class="ending__why">{props.item.why.map(shown).join(' ')}</p>
      <Show when={(props.item.leftRunning?.length ?? 0) > 0 && !props.isLocked}>
        <p class="ending__why">
          {props.includesChildren ? 'Also ended' : 'Left running'}:{' '}
          {shown(leftRunningText(props.item.leftRunning ?? []))}
        </p>
      </Show>
      <Show when={props.isAll && !props.isChecked && !props.item.checked && props.item.refusal === null}>
        <p class="ending__why muted">Not ticked: its client may still use it. Tick it to end it too.</p>
      </Show>
      <Show when={props.item.refusal}>
        {(why) => <p class="ending__why muted">Not ended: {shown(why())}</p>}
      </Show>
      <Show when={props.isLocked && props.progress}>
        {(progress) => (
          <p class={`ending__progress ending__progress--${progress().step}`}>
            {shown(stepWords(progress()))}
          </p>
        )}
      </Show>
      <Show when={props.launch}>
        {(launch) => (
          <div class="ending__launch">
            <code class="mono ending__command" title={shown(launch())}>
              {shown(launch())}
            </code>
            <button
              type="button"
              class="button button--small"
              aria-label={`Copy the launch command of ${shown(props.item.title)}`}
              onClick={() => page.copy(launch(), 'the launch command; it was not run')}
            >
              Copy launch command
            </button>
          </div>
        )}
      </Show>
    </li>
  )
}

function ReceiptNote(props: { receipt: Receipt; titleOf: (id: string) => string }): JSX.Element {
  return (
    <Note tone={props.receipt.survivors.length > 0 ? 'error' : 'plain'}>
      <strong>{doneWords(props.receipt)}</strong>
      <For each={props.receipt.refused}>
        {({ id, why }) => (
          <div>
            Left alone: {shown(props.titleOf(id))}. {shown(why)}
          </div>
        )}
      </For>
      <Show when={(props.receipt.leftRunning?.length ?? 0) > 0}>
        <div>Left running: {shown(leftRunningText(props.receipt.leftRunning ?? []))}</div>
      </Show>
      <For each={props.receipt.survivors}>
        {({ pid, why }) => (
          <div>
            Still there: process {pid}. {shown(why)}
          </div>
        )}
      </For>
    </Note>
  )
}
