// Serena's news, of every version. Pure but for the requests.
import { serenaNewsIdsSchema, serenaNewsSchema } from '#contract/serena'
import { parseAnswer } from './answers.ts'
import { type Ask, CHANGE_MS, READ_MS } from './dashboard-requests.ts'

export interface NewsItem {
  id: string
  html: string
}

/** More than any Serena 1.0.0 contains. */
const MAX_OLD_NEWS = 20

/** Returns the unread news, newest first; null: this Serena has none. */
export async function readNews(ask: Ask): Promise<NewsItem[] | null> {
  const answer = await ask({ method: 'GET', path: '/fetch_unread_news', deadlineMs: CHANGE_MS })
  if (answer.kind === 'absent') return readOldNews(ask)
  const { news } = parseAnswer(serenaNewsSchema, answer.value)
  return news.map(([id, html]) => ({ id, html })).sort((a, b) => b.id.localeCompare(a.id))
}

/** Serena 1.0.0 has a list of numbers, and a page for each. */
async function readOldNews(ask: Ask): Promise<NewsItem[] | null> {
  const answer = await ask({ method: 'GET', path: '/news_snippet_ids', deadlineMs: READ_MS })
  if (answer.kind === 'absent') return null
  const ids = parseAnswer(serenaNewsIdsSchema, answer.value).news_snippet_ids
  const newest = [...ids].sort((a, b) => b - a).slice(0, MAX_OLD_NEWS)
  const items = await Promise.all(newest.map((id) => readOldItem(ask, id)))
  return items.filter((item) => item !== null)
}

async function readOldItem(ask: Ask, id: number): Promise<NewsItem | null> {
  const path = `/dashboard/news/${id}.html`
  const page = await ask({ method: 'GET', path, deadlineMs: READ_MS, isHtml: true })
  return page.kind === 'json' && typeof page.value === 'string' ? { id: String(id), html: page.value } : null
}
