// A timeline: what happened, newest first, by day; each record with its reason, and for what was ended the launch command to copy.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { HistoryRecord } from '#contract/history'
import { clockTime, exactTime } from '../../state/locale.ts'
import { Mark } from '../../ui/mark.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { byDay, eventMark, eventWords, reasonWords } from './history-words.ts'
import './history.css'

export function Timeline(props: {
  records: readonly HistoryRecord[]
  /** Of one instance: its name stands above already. */
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
  const title = (): string => shown(props.record.title)
  return (
    <li class="timeline__row">
      <time class="timeline__time" dateTime={props.record.at} title={exactTime(props.record.at)}>
        {clockTime(props.record.at)}
      </time>
      <Mark {...eventMark(props.record)} />
      <div class="timeline__text">
        <p class="timeline__what">
          <Show when={!props.isOfOne}>
            <Show
              when={page.instance(props.record.id)}
              fallback={<span class="timeline__title">{title()}</span>}
            >
              <button
                type="button"
                class="timeline__title timeline__open"
                onClick={() => page.select(props.record.id)}
              >
                {title()}
              </button>
            </Show>{' '}
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
            title={shown(launch())}
            aria-label={`Copy the launch command of ${title()}`}
            onClick={() => page.copy(launch(), 'the launch command; it was not run')}
          >
            Copy launch command
          </button>
        )}
      </Show>
    </li>
  )
}
