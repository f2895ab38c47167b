// A log as it is drawn: search, level, follow, wrap, copy, save, and the lines. Where they come from is the caller's.
import {
  createDeferred,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from 'solid-js'
import { VList, type VListHandle } from 'virtua/solid'
import { filterLog, LOG_LEVELS, type LogFilter, type LogLevel, type LogLine } from '../../state/log-state.ts'
import { usePage } from '../page-context.ts'
import { LogRow } from './log-row.tsx'
import './log-view.css'

/** So near the end counts as at the end. */
const END_SLACK_PX = 24
/** A scroll so soon after a wheel, a key or a finger is the person's; any other comes from lines that got another height. */
const HAND_MS = 1_000

export function LogPanel(props: {
  label: string
  /** Without ending. */
  fileName: string
  lines: readonly LogLine[]
  missed: number
  /** Marked in the lines. */
  toolNames: ReadonlySet<string>
  /** More buttons. */
  tools?: JSX.Element
  /** Notes above the lines. */
  notes?: JSX.Element
}): JSX.Element {
  const page = usePage()
  const [filter, setFilter] = createSignal<LogFilter>({ search: '', leastLevel: null })
  const [isFollowing, setIsFollowing] = createSignal(true)
  const [isWrapped, setIsWrapped] = createSignal(true)
  // A key is drawn before ten thousand lines are searched for it.
  const applied = createDeferred(filter, { timeoutMs: 250 })
  const fitting = createMemo(() => filterLog(props.lines, applied()))
  let list: VListHandle | undefined
  let frame: HTMLElement | undefined

  const toEnd = (): void => list?.scrollToIndex(fitting().length - 1, { align: 'end' })
  const followSoon = (): void => {
    if (isFollowing()) requestAnimationFrame(toEnd)
  }
  createEffect(on([fitting, isFollowing, isWrapped], followSoon))
  onMount(() => {
    if (!frame) return
    const observer = new ResizeObserver(followSoon)
    observer.observe(frame)
    for (const name of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
      frame.addEventListener(name, byHand, { passive: true })
    onCleanup(() => observer.disconnect())
  })
  let handAtMs = Number.NEGATIVE_INFINITY
  const byHand = (): void => {
    handAtMs = performance.now()
  }
  function onScroll(offset: number): void {
    if (!list) return
    const isAtEnd = offset + list.viewportSize >= list.scrollSize - END_SLACK_PX
    if (isAtEnd) setIsFollowing(true)
    else if (performance.now() - handAtMs > HAND_MS) followSoon()
    else {
      // It may roll on, or be held for long.
      byHand()
      setIsFollowing(false)
    }
  }
  const whole = (): string =>
    fitting()
      .map(({ source, text }) => (source === null ? text : `[${source}] ${text}`))
      .join('\n')
  function save(): void {
    const name = page.platform.saveText(`${props.fileName}.log`, `${whole()}\n`)
    // A window of its own shows no download as a browser does.
    page.announce(`Saved as ${name} among your downloads.`)
  }

  return (
    <div class="log" classList={{ 'log--unwrapped': !isWrapped() }}>
      <div class="log__tools">
        <input
          class="input log__search"
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          value={filter().search}
          onInput={(event) => setFilter({ ...filter(), search: event.currentTarget.value })}
        />
        <select
          class="input"
          aria-label="Least level"
          onChange={(event) => setFilter({ ...filter(), leastLevel: asLevel(event.currentTarget.value) })}
        >
          <option value="">All levels</option>
          <option value="INFO">Info and up</option>
          <option value="WARNING">Warning and up</option>
          <option value="ERROR">Error and up</option>
        </select>
        <button
          type="button"
          class="button"
          aria-pressed={isFollowing()}
          onClick={() => {
            handAtMs = Number.NEGATIVE_INFINITY
            setIsFollowing(!isFollowing())
          }}
        >
          Follow
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={isWrapped()}
          onClick={() => setIsWrapped(!isWrapped())}
        >
          Wrap
        </button>
        <button
          type="button"
          class="button"
          disabled={fitting().length === 0}
          onClick={() => page.copy(whole(), `${fitting().length} lines`)}
        >
          Copy
        </button>
        <button type="button" class="button" disabled={fitting().length === 0} onClick={save}>
          Save
        </button>
        {props.tools}
        <span class="log__count muted">{countWords(fitting().length, props.lines.length)}</span>
      </div>
      {props.notes}
      <Show when={props.missed > 0}>
        <p class="log__missed muted">
          {props.missed} earlier {props.missed === 1 ? 'line is' : 'lines are'} no longer in memory; the log
          file has them.
        </p>
      </Show>
      <div
        class="log__lines"
        ref={(element) => {
          frame = element
        }}
        role="log"
        aria-label={props.label}
        aria-live="off"
      >
        <Show
          when={fitting().length > 0}
          fallback={
            <p class="log__missed muted">
              {props.lines.length > 0 ? 'No line fits the search.' : 'No line yet.'}
            </p>
          }
        >
          <VList
            data={fitting()}
            ref={(handle) => (list = handle)}
            onScroll={onScroll}
            class="log__list"
            tabIndex={0}
          >
            {(line) => <LogRow line={line} search={applied().search} toolNames={props.toolNames} />}
          </VList>
        </Show>
      </div>
    </div>
  )
}

const asLevel = (value: string): LogLevel | null => LOG_LEVELS.find((level) => level === value) ?? null

function countWords(fitting: number, all: number): string {
  const words = `${all} ${all === 1 ? 'line' : 'lines'}`
  return fitting === all ? words : `${fitting} of ${words}`
}
