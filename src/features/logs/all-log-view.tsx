// The logs of all instances, merged.
import { createSignal, type JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { inBatches } from '../../state/batched-results.ts'
import { EMPTY_MERGED_LOG, type FreshPage, mergeLogs } from '../../state/merged-log.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { LogPanel } from './log-panel.tsx'

const POLL_MS = 2_000
/** Pages that arrive within this time are sorted together. */
const BATCH_MS = 400
const NO_TOOLS: ReadonlySet<string> = new Set()

export function AllLogView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  const [log, setLog] = createSignal(EMPTY_MERGED_LOG)
  const [isLoaded, setIsLoaded] = createSignal(false)

  async function pageOf({ id, title }: Instance, signal: AbortSignal): Promise<FreshPage | null> {
    const query = { from: String(log().next[id] ?? 0) }
    try {
      const answer = await page.backend.call('logs', { params: { id }, query, signal })
      return answer.isAvailable ? { instanceId: id, title: visibleLine(title), page: answer.data } : null
    } catch {
      // An instance that exited or hangs is skipped in this round; its own tab shows the error.
      return null
    }
  }
  createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    async request(_, signal) {
      const polled = props.instances.filter(({ port, state }) => port !== null && /live|idle/.test(state))
      const pages = polled.map((instance) => pageOf(instance, signal))
      await inBatches(pages, BATCH_MS, (fresh) => {
        if (!signal.aborted) setLog((before) => mergeLogs(before, fresh))
      })
      if (!signal.aborted) setIsLoaded(true)
    },
  })
  return (
    <LogPanel
      label="Log of all instances"
      fileName="serena-all"
      lines={log().lines}
      missed={log().missed}
      isLoaded={isLoaded()}
      toolNames={NO_TOOLS}
    />
  )
}
