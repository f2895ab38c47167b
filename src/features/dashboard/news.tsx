// What the makers of Serena tell their users: shown as text, marked as read one by one.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createAction } from '../../state/action.ts'
import { createPolled } from '../../state/polled.ts'
import { Failure } from '../failure.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { htmlText } from './html-text.ts'
import './news.css'

/** Serena fetches them from elsewhere at each question. */
const NEWS_MS = 30 * 60_000

export function News(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const action = createAction()
  const news = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: NEWS_MS,
    changes: page.changes,
    ask: (id, signal) => page.backend.call('news', { params: { id }, signal }),
  })
  const items = createMemo(() => {
    const answer = news.data()
    return answer?.isAvailable ? answer.data.items : []
  })
  const markRead = (newsId: string): void => {
    const params = { id: props.instance.id }
    void action
      .run(() => page.backend.call('markNewsRead', { params, body: { id: newsId } }))
      .then((isDone) => {
        if (isDone) page.changed('Marked as read.')
      })
  }
  return (
    <Show when={items().length > 0}>
      <section class="news" aria-label="News of Serena">
        <For each={items()}>
          {(item) => (
            <article class="news__item">
              <p class="news__text">{shown(htmlText(item.html))}</p>
              <button
                type="button"
                class="button"
                disabled={action.isBusy()}
                onClick={() => markRead(item.id)}
              >
                Mark as read
              </button>
            </article>
          )}
        </For>
        <Failure error={action.error()} />
      </section>
    </Show>
  )
}
