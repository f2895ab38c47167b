// News from the Serena project, shown as text; each item can be marked as read.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { createAction } from '../../state/action.ts'
import { dataOf } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { htmlText } from './html-text.ts'
import './news.css'

/** Each request makes Serena download the news. */
const NEWS_MS = 30 * 60_000

export function News(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const action = createAction()
  const news = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: NEWS_MS,
    changes: page.changes,
    request: (id, signal) => page.backend.call('news', { params: { id }, signal }),
  })
  const items = createMemo(() => dataOf(news.data())?.items ?? [])
  const markRead = (newsId: string): void => {
    const params = { id: props.instance.id }
    void action.run(async () => {
      await page.backend.call('markNewsRead', { params, body: { id: newsId } })
      page.changed('Marked as read.')
    })
  }
  return (
    <Show when={items().length > 0}>
      <section class="news" aria-label="Serena news">
        <For each={items()}>
          {(item) => (
            <article class="news__item">
              <p class="news__text">{visibleLine(htmlText(item.html))}</p>
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
        <ErrorNote error={action.error()} />
      </section>
    </Show>
  )
}
