// A timeline: events by day, newest first, with their reasons; ended instances also have their launch command.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { HistoryRecord } from '#contract/history'
import { eventWords } from '#contract/history-words'
import { visibleLine } from '#contract/visible-text'
import { clockTime, exactTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { Mark } from '../../ui/mark.tsx'
import { byDay, eventMark, reasonWords } from './history-words.ts'
import './history.css'

export function Timeline(props: {
  records: readonly HistoryRecord[]
  /** True: the rows omit the title of the instance. */
  isOfOne: boolean
}): JSX.Element {
  const page = usePage()
  const days = createMemo(() => byDay(props.records, page.now()))
  return (
    <For each={days()}>
      {({ day, records }) => (
        <section class="timeline" aria-label={day}>
          <p class="timeline__day">{day}</p>
          <ol class="timeline__list">
            <For each={records}>{(record) => <TimelineRow record={record} isOfOne={props.isOfOne} />}</For>
          </ol>
        </section>
      )}
    </For>
  )
}

function TimelineRow(props: { record: HistoryRecord; isOfOne: boolean }): JSX.Element {
  const page = usePage()
  return (
    <li class="timeline__row">
      <time class="timeline__time" dateTime={props.record.at} title={exactTime(props.record.at)}>
        {clockTime(props.record.at)}
      </time>
      <Mark {...eventMark(props.record)} />
      <div class="timeline__text">
        <p class="timeline__event">
          <Show when={!props.isOfOne}>
            <Title record={props.record} />{' '}
          </Show>
          <span>{eventWords(props.record)}</span>
        </p>
        <Show when={reasonWords(props.record)}>
          {(reason) => <p class="timeline__why muted">{reason()}</p>}
        </Show>
      </div>
      <Show when={props.record.launch}>
        {(launch) => (
          <button
            type="button"
            class="button button--small timeline__copy"
            title={visibleLine(launch())}
            aria-label={`Copy the launch command of ${visibleLine(props.record.title)}`}
            onClick={() => page.copy(launch(), 'the launch command')}
          >
            Copy launch command
          </button>
        )}
      </Show>
    </li>
  )
}

/** A button that opens the instance's tab while the instance is listed. */
function Title(props: { record: HistoryRecord }): JSX.Element {
  const page = usePage()
  const title = (): string => visibleLine(props.record.title)
  return (
    <Show when={page.instance(props.record.id)} fallback={<span class="timeline__title">{title()}</span>}>
      <button
        type="button"
        class="timeline__title timeline__open"
        onClick={() => page.select(props.record.id)}
      >
        {title()}
      </button>
    </Show>
  )
}
