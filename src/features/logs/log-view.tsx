// Logs: the instance's own log as it grows. Follows the end until the person scrolls away.
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js'
import { VList, type VListHandle } from 'virtua/solid'
import type { Instance } from '#contract/instance'
import {
  EMPTY_LOG,
  filterLog,
  LOG_LEVELS,
  type LogFilter,
  type LogLevel,
  type LogLine,
  type LogState,
  reduceLog,
} from '../../state/log-state.ts'
import { createPolled } from '../../state/polled.ts'
import { Note } from '../../ui/note.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { LogRow } from './log-row.tsx'
import './log-view.css'

const POLL_MS = 1_000
/** So near the end counts as at the end. */
const END_SLACK_PX = 24

export function LogView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const [log, setLog] = createSignal<LogState>(EMPTY_LOG)
  const [absent, setAbsent] = createSignal<{ since: string | null; why: string } | null>(null)
  const [filter, setFilter] = createSignal<LogFilter>({ search: '', leastLevel: null })
  const [isFollowing, setIsFollowing] = createSignal(true)
  const lines = createMemo(() => filterLog(log().lines, filter()))
  let list: VListHandle | undefined

  createEffect(
    on(
      () => props.instance.id,
      () => {
        setLog(EMPTY_LOG)
        setAbsent(null)
        setIsFollowing(true)
      },
    ),
  )
  const polled = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    async ask(id, signal) {
      const answer = await page.backend.call('logs', {
        params: { id },
        query: { from: String(log().next) },
        signal,
      })
      if (signal.aborted) return
      setAbsent(answer.isAvailable ? null : answer)
      if (answer.isAvailable) setLog((before) => reduceLog(before, answer.data))
    },
  })
  const toEnd = (): void => list?.scrollToIndex(lines().length - 1, { align: 'end' })
  createEffect(
    on([lines, isFollowing], ([, following]) => {
      if (following) requestAnimationFrame(toEnd)
    }),
  )
  let frame: HTMLElement | undefined
  onMount(() => {
    if (!frame) return
    const observer = new ResizeObserver(() => {
      if (isFollowing()) requestAnimationFrame(toEnd)
    })
    observer.observe(frame)
    onCleanup(() => observer.disconnect())
  })
  function onScroll(offset: number): void {
    if (!list) return
    const isAtEnd = offset + list.viewportSize >= list.scrollSize - END_SLACK_PX
    setIsFollowing(isAtEnd)
  }

  const whole = (): string =>
    lines()
      .map(({ text }) => text)
      .join('\n')
  const clear = (): void =>
    page.open({
      kind: 'confirm',
      title: `Clear the log of ${shown(props.instance.title)}?`,
      text: 'Serena forgets the lines it keeps in memory. Its log file keeps them all.',
      action: 'Clear',
      run: async () => {
        await page.backend.call('clearLogs', { params: { id: props.instance.id }, body: {} })
        page.changed('Cleared the log.')
      },
    })
  const save = (): void => page.platform.saveText(`serena-${props.instance.pid ?? 'log'}.log`, `${whole()}\n`)

  return (
    <div class="log">
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
          onClick={() => setIsFollowing(!isFollowing())}
        >
          Follow
        </button>
        <button type="button" class="button" onClick={() => page.copy(whole(), `${lines().length} lines`)}>
          Copy
        </button>
        <button type="button" class="button" onClick={save}>
          Save
        </button>
        <button type="button" class="button" onClick={clear}>
          Clear …
        </button>
        <span class="log__count muted">{countWords(lines(), log())}</span>
      </div>
      <Show when={polled.error()}>
        {(error) => (
          <Note tone="warning" title={shown(error().message)}>
            {shown(error().fix)} {log().lines.length > 0 ? 'Below is what was read before.' : ''}
          </Note>
        )}
      </Show>
      <Show when={absent()}>
        {(answer) => (
          <Note tone="plain" title="No log here.">
            {shown(answer().why)}
          </Note>
        )}
      </Show>
      <Show when={log().missed > 0}>
        <p class="log__missed muted">
          {log().missed} earlier {log().missed === 1 ? 'line is' : 'lines are'} no longer in Serena's memory;
          its log file has them.
        </p>
      </Show>
      <div
        class="log__lines"
        ref={(element) => {
          frame = element
        }}
        role="log"
        aria-label={`Log of ${shown(props.instance.title)}`}
        aria-live="off"
      >
        <Show
          when={lines().length > 0}
          fallback={
            <p class="log__missed muted">
              {log().lines.length > 0 ? 'No line fits the search.' : 'No line yet.'}
            </p>
          }
        >
          <VList
            data={lines()}
            ref={(handle) => (list = handle)}
            onScroll={onScroll}
            class="log__list"
            tabIndex={0}
          >
            {(line) => <LogRow line={line} search={filter().search} />}
          </VList>
        </Show>
      </div>
    </div>
  )
}

const asLevel = (value: string): LogLevel | null => LOG_LEVELS.find((level) => level === value) ?? null

function countWords(fitting: readonly LogLine[], { lines }: LogState): string {
  const all = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`
  return fitting.length === lines.length ? all : `${fitting.length} of ${all}`
}
