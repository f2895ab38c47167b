// The lines of a log; only those in view are rendered.
import { type JSX, onMount, Show } from 'solid-js'
import { VList } from 'virtua/solid'
import type { LogLine } from '../../state/log-state.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Follow } from './create-follow.ts'
import { LogRow } from './log-row.tsx'

/** Of the skeleton. */
const ROWS = 12
const ROW_PX = 20

export function LogLines(props: {
  label: string
  lines: readonly LogLine[]
  search: string
  toolNames: ReadonlySet<string>
  isLoaded: boolean
  /** Shown without lines. */
  empty: string
  follow: Follow
}): JSX.Element {
  let frame!: HTMLDivElement
  onMount(() => props.follow.watch(frame))
  return (
    <div class="log__lines" ref={frame} role="log" aria-label={props.label} aria-live="off">
      <Show
        when={props.lines.length > 0}
        fallback={
          <Show when={props.isLoaded} fallback={<Skeleton rows={ROWS} rowPx={ROW_PX} />}>
            <p class="log__missed muted">{props.empty}</p>
          </Show>
        }
      >
        <VList
          data={props.lines}
          ref={(handle) => props.follow.setList(handle)}
          onScroll={(offset) => props.follow.onScroll(offset)}
          class="log__list"
          tabIndex={0}
        >
          {(line) => <LogRow line={line} search={props.search} toolNames={props.toolNames} />}
        </VList>
      </Show>
    </div>
  )
}
