// The log of one instance, polled while it is shown.
import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import type { CallError } from '../../client/call-error.ts'
import { dataOf } from '../../state/capability.ts'
import { EMPTY_LOG, type LogState, reduceLog } from '../../state/log-state.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'

const POLL_MS = 1_000
/** The set of tools rarely changes. */
const TOOLS_MS = 60_000

export interface InstanceLog {
  state: Accessor<LogState>
  error: Accessor<CallError | null>
  /** False until the first answer, or why there is none. */
  isLoaded: Accessor<boolean>
  /** Why there is no log; null: there is one. */
  unavailable: Accessor<string | null>
}

export function createInstanceLog(instanceId: Accessor<string>): InstanceLog {
  const page = usePage()
  const key = createMemo(instanceId)
  const [state, setState] = createSignal<LogState>(EMPTY_LOG)
  const [unavailable, setUnavailable] = createSignal<string | null>(null)
  const [isAnswered, setIsAnswered] = createSignal(false)
  createEffect(
    on(key, () => {
      setState(EMPTY_LOG)
      setUnavailable(null)
      setIsAnswered(false)
    }),
  )
  const { error } = createPolled({
    key,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    async request(id, signal) {
      const query = { from: String(state().next) }
      const answer = await page.backend.call('logs', { params: { id }, query, signal })
      if (signal.aborted) return
      setUnavailable(answer.isAvailable ? null : visibleLine(answer.why))
      if (answer.isAvailable) setState((before) => reduceLog(before, answer.data))
      setIsAnswered(true)
    },
  })
  return { state, error, unavailable, isLoaded: () => isAnswered() || error() !== null }
}

/** Creates a signal with the names of the instance's tools, active or not. */
export function createToolNames(instanceId: Accessor<string>): Accessor<ReadonlySet<string>> {
  const page = usePage()
  const overview = createPolled({
    key: instanceId,
    isActive: page.isVisible,
    everyMs: TOOLS_MS,
    request: (id, signal) => page.backend.call('overview', { params: { id }, signal }),
  })
  const names = createMemo(() => {
    const data = dataOf(overview.data())
    return new Set(data === null ? [] : [...data.activeTools, ...data.availableTools])
  })
  return names
}
