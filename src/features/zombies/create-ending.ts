// The state of the ending dialog: plan, selection, progress, receipt.
import { type Accessor, createMemo, createSignal, onCleanup, onMount } from 'solid-js'
import { type EndingPlanItem, type Receipt, scopeOf } from '#contract/ending'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import {
  type EndingScope,
  initiallyChecked,
  leftRunningOf,
  type PlanTotals,
  requestsOf,
  totalsOf,
} from './ending-plan.ts'
import { doneText, mergeReceipts } from './receipt-words.ts'

export interface EndingInput {
  /** Null: all red instances. */
  ids: string[] | null
  /** ISO 8601: instances with an MCP message after this time are not ended. */
  unusedSince?: string
}

export interface Ending {
  action: Action
  /** Null: not loaded yet. */
  plan: Accessor<readonly EndingPlanItem[] | null>
  totals: Accessor<PlanTotals>
  receipt: Accessor<Receipt | null>
  isChecked(id: string): boolean
  toggle(id: string): void
  /** Whether the checked instances have child processes that would be left running. */
  hasLeftRunning: Accessor<boolean>
  includesChildren: Accessor<boolean>
  setIncludesChildren(includes: boolean): void
  isEnding: Accessor<boolean>
  /** True while the selection cannot be changed. */
  isLocked: Accessor<boolean>
  titleOf(id: string): string
  end(): void
}

/** Loads the plan when mounted. Nothing is ended before `end`. */
export function createEnding(input: EndingInput): Ending {
  const page = usePage()
  const action = createAction()
  const [plan, setPlan] = createSignal<readonly EndingPlanItem[] | null>(null)
  const [checked, setChecked] = createSignal<ReadonlySet<string>>(new Set())
  const [receipt, setReceipt] = createSignal<Receipt | null>(null)
  const [includesChildren, setIncludesChildren] = createSignal(false)
  const totals = createMemo(() => totalsOf(plan() ?? [], checked()))
  const hasLeftRunning = createMemo(() => leftRunningOf(plan() ?? [], checked()).length > 0)
  // The scope of each instance when the dialog was opened. An instance that is not listed is ended only if it is red.
  const scopes = new Map<string, EndingScope>()
  let isClosed = false
  onCleanup(() => {
    isClosed = true
  })
  onMount(() => {
    for (const id of input.ids ?? []) {
      const one = page.instance(id)
      scopes.set(id, one === undefined ? 'named' : scopeOf(one))
    }
    void action.run(async () => {
      const answer = await page.backend.call('planEnding', { body: { ids: input.ids } })
      if (input.ids !== null)
        for (const { id, isLeftAlone } of answer.plan) if (isLeftAlone) scopes.set(id, 'named')
      setPlan(answer.plan)
      setChecked(initiallyChecked(answer.plan, input.ids !== null))
    })
  })
  const end = async (): Promise<void> => {
    const [first, ...others] = requestsOf(checked(), scopes, includesChildren()).map((body) =>
      page.backend.call('end', {
        body: { ...body, ...(input.unusedSince !== undefined && { unusedSince: input.unusedSince }) },
      }),
    )
    if (first === undefined) return
    const done = mergeReceipts(await Promise.all([first, ...others]))
    setReceipt(done)
    // An open dialog shows the receipt itself.
    page.changed(isClosed ? doneText(done) : null)
  }
  return {
    action,
    plan,
    receipt,
    totals,
    isChecked: (id) => checked().has(id),
    toggle(id) {
      const next = new Set(checked())
      if (!next.delete(id)) next.add(id)
      setChecked(next)
    },
    hasLeftRunning,
    includesChildren,
    setIncludesChildren,
    isEnding: () => action.isBusy() && plan() !== null,
    isLocked: () => action.isBusy() || receipt() !== null,
    titleOf: (id) => plan()?.find((item) => item.id === id)?.title ?? id,
    end: () => void action.run(end),
  }
}
