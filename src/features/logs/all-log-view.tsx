// The logs of all instances as one.
import { createSignal, type JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { inPieces } from '../../state/in-pieces.ts'
import { EMPTY_MERGED_LOG, type FreshPage, mergeLogs } from '../../state/merged-log.ts'
import { createPolled } from '../../state/polled.ts'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { LogPanel } from './log-panel.tsx'

const POLL_MS = 2_000
/** Pages that come within this are put in order together. */
const GATHER_MS = 400
const NO_TOOLS: ReadonlySet<string> = new Set()

export function AllLogView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  const [log, setLog] = createSignal(EMPTY_MERGED_LOG)

  async function pageOf({ id, title }: Instance, signal: AbortSignal): Promise<FreshPage | null> {
    const query = { from: String(log().next[id] ?? 0) }
    try {
      const answer = await page.backend.call('logs', { params: { id }, query, signal })
      return answer.isAvailable ? { instanceId: id, title: shown(title), page: answer.data } : null
    } catch {
      // One that ended or hangs is missing from this round; its own tab says why.
      return null
    }
  }
  createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    async ask(_, signal) {
      const asked = props.instances.filter(({ port, state }) => port !== null && /live|idle/.test(state))
      const pages = asked.map((instance) => pageOf(instance, signal))
      await inPieces(pages, GATHER_MS, (fresh) => {
        if (!signal.aborted) setLog((before) => mergeLogs(before, fresh))
      })
    },
  })
  return (
    <LogPanel
      label="Log of all instances"
      fileName="serena-all"
      lines={log().lines}
      missed={log().missed}
      toolNames={NO_TOOLS}
    />
  )
}
