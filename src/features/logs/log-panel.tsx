// A log: tools, notes and lines. The caller supplies the lines.
import { createDeferred, createMemo, createSignal, type JSX, Show } from 'solid-js'
import { countOf } from '#contract/units'
import { filterLog, type LogFilter, type LogLine } from '../../state/log-state.ts'
import { type PageContext, usePage } from '../../state/page-context.ts'
import { createFollow } from './create-follow.ts'
import { LogLines } from './log-lines.tsx'
import { LogTools } from './log-tools.tsx'
import './log-view.css'

export function LogPanel(props: {
  label: string
  /** Without extension. */
  fileName: string
  lines: readonly LogLine[]
  missed: number
  /** False until the first answer. */
  isLoaded: boolean
  /** Highlighted in the lines. */
  toolNames: ReadonlySet<string>
  /** Deletes the lines after a confirmation; absent: they cannot be deleted. */
  onClear?: () => void
  /** Notes above the lines. */
  notes?: JSX.Element
}): JSX.Element {
  const page = usePage()
  const [filter, setFilter] = createSignal<LogFilter>({ search: '', minimumLevel: null })
  const [isWrapped, setIsWrapped] = createSignal(true)
  // Deferred, so that a key press is shown before thousands of lines are searched.
  const applied = createDeferred(filter, { timeoutMs: 250 })
  const matching = createMemo(() => filterLog(props.lines, applied()))
  const follow = createFollow({ lines: matching, isWrapped })
  const text = (): string => textOf(matching())
  return (
    <div class="log" classList={{ 'log--unwrapped': !isWrapped() }}>
      <LogTools
        filter={filter()}
        onFilter={setFilter}
        isFollowing={follow.isFollowing()}
        onFollow={follow.toggle}
        isWrapped={isWrapped()}
        onWrap={setIsWrapped}
        isEmpty={matching().length === 0}
        onCopy={() => page.copy(text(), countOf(matching().length, 'line'))}
        onSave={() => save(page, props.fileName, text())}
        count={countText(matching().length, props.lines.length)}
        onClear={props.onClear}
      />
      {props.notes}
      <Show when={props.missed > 0}>
        <p class="log__missed muted">
          Not in memory: {countOf(props.missed, 'earlier line')}. See the log file.
        </p>
      </Show>
      <LogLines
        label={props.label}
        lines={matching()}
        search={applied().search}
        toolNames={props.toolNames}
        isLoaded={props.isLoaded}
        empty={props.lines.length > 0 ? 'No lines match the filter.' : 'No lines yet.'}
        follow={follow}
      />
    </div>
  )
}

function save(page: PageContext, fileName: string, text: string): void {
  const name = page.saveText(`${fileName}.log`, `${text}\n`)
  // The native window does not show downloads.
  page.announce(`Saved as ${name} in your downloads folder.`)
}

const textOf = (lines: readonly LogLine[]): string =>
  lines.map(({ source, text }) => (source === null ? text : `[${source}] ${text}`)).join('\n')

function countText(matching: number, all: number): string {
  const words = countOf(all, 'line')
  return matching === all ? words : `${matching} of ${words}`
}
