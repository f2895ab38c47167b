// What one may do to an instance through its dashboard. Every change that Serena does not confirm is `outcome-unknown`: the
// request stands in its task queue and may still happen.
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import {
  serenaCancelSchema,
  serenaConfigSchema,
  serenaDoneSchema,
  serenaLanguagesSchema,
  serenaMemorySchema,
  serenaNewsIdsSchema,
  serenaNewsSchema,
} from '#contract/serena'
import type { DashboardActions } from '../../services.ts'
import { parseAnswer } from './answers.ts'
import { isNotSent } from './open-connection.ts'
import type { Answer, Exchange } from './transport.ts'

type Ask = (exchange: Exchange) => Promise<Answer>

/** Memory, language and configuration calls wait behind the running tool. */
const READ_MS = 5_000
const CHANGE_MS = 15_000
/** A language server may have to be downloaded first. */
const LANGUAGE_MS = 120_000

/** The actions over one dashboard's transport. */
export function createActions(ask: Ask): DashboardActions {
  async function read<Schema extends z.core.$ZodType>(
    exchange: Omit<Exchange, 'deadlineMs'>,
    schema: Schema,
    since: string,
  ): Promise<z.output<Schema>> {
    const answer = await ask({ ...exchange, deadlineMs: READ_MS })
    if (answer.kind === 'absent') throw new AppError('not-in-this-serena', { since })
    return parseAnswer(schema, answer.value)
  }

  async function change(
    what: string,
    exchange: Omit<Exchange, 'deadlineMs'>,
    { since = '1.0.0', deadlineMs = CHANGE_MS, schema = serenaDoneSchema as z.core.$ZodType } = {},
  ): Promise<unknown> {
    try {
      const answer = await ask({ ...exchange, deadlineMs })
      if (answer.kind === 'absent') throw new AppError('not-in-this-serena', { since })
      return parseAnswer(schema, answer.value)
    } catch (error) {
      const isBrokenOff = error instanceof AppError && /^dashboard-(timeout|unreachable)$/.test(error.code)
      const isUnknown = isBrokenOff && !isNotSent(error)
      throw isUnknown ? new AppError('outcome-unknown', { what }, { cause: error }) : error
    }
  }
  const post = (path: string, body?: unknown): Omit<Exchange, 'deadlineMs'> => ({
    method: 'POST',
    path,
    body,
  })

  return {
    clearLogs: async () => void (await change('clearing the log', post('/clear_logs'))),
    clearStats: async () => void (await change('clearing the statistics', post('/clear_tool_stats'))),
    readMemory: async (name) =>
      (await read(post('/get_memory', { memory_name: name }), serenaMemorySchema, '1.0.0')).content,
    async saveMemory(name, content) {
      await change('saving the memory', post('/save_memory', { memory_name: name, content }))
    },
    async renameMemory(from, to) {
      await change('renaming the memory', post('/rename_memory', { old_name: from, new_name: to }))
    },
    async deleteMemory(name) {
      await change('deleting the memory', post('/delete_memory', { memory_name: name }))
    },
    async languages() {
      const answer = await ask({ method: 'GET', path: '/get_available_languages', deadlineMs: READ_MS })
      return answer.kind === 'absent' ? null : parseAnswer(serenaLanguagesSchema, answer.value).languages
    },
    async addLanguage(language) {
      await change('adding the language', post('/add_language', { language }), { deadlineMs: LANGUAGE_MS })
    },
    async removeLanguage(language) {
      await change('removing the language', post('/remove_language', { language }))
    },
    async cancelExecution(taskId) {
      const answer = await change('cancelling', post('/cancel_task_execution', { task_id: taskId }), {
        schema: serenaCancelSchema,
      })
      return z.parse(serenaCancelSchema, answer).was_cancelled
    },
    async setOpensOnLaunch(isOn) {
      const body = { web_dashboard_open_on_launch: isOn }
      await change('changing the setting', post('/save_web_dashboard_open_on_launch', body), {
        since: '2.1.0',
      })
    },
    async news() {
      const answer = await ask({ method: 'GET', path: '/fetch_unread_news', deadlineMs: CHANGE_MS })
      if (answer.kind === 'absent') return oldNews(ask)
      const { news } = parseAnswer(serenaNewsSchema, answer.value)
      return news.map(([id, html]) => ({ id, html })).sort((a, b) => b.id.localeCompare(a.id))
    },
    async markNewsRead(id) {
      const exchange = post('/mark_news_snippet_as_read', { news_snippet_id: id })
      await change('marking the news as read', exchange)
    },
    readConfiguration: async () =>
      (await read({ method: 'GET', path: '/get_serena_config' }, serenaConfigSchema, '1.0.0')).content,
    async saveConfiguration(text) {
      await change('saving the configuration', post('/save_serena_config', { content: text }))
    },
    async shutdown() {
      try {
        await ask({ method: 'PUT', path: '/shutdown', deadlineMs: READ_MS })
      } catch (error) {
        // A closed connection is what success looks like, unless the request was never sent.
        if (!(error instanceof AppError) || isNotSent(error)) throw error
      }
    },
  }
}

/** More than any Serena of that time brings. */
const MOST_OLD_NEWS = 20

/** News of a 1.0.0: their numbers, and a page for each. Null: this Serena has none of that either. */
async function oldNews(ask: Ask): Promise<{ id: string; html: string }[] | null> {
  const answer = await ask({ method: 'GET', path: '/news_snippet_ids', deadlineMs: READ_MS })
  if (answer.kind === 'absent') return null
  const ids = parseAnswer(serenaNewsIdsSchema, answer.value).news_snippet_ids
  const newest = [...ids].sort((a, b) => b - a).slice(0, MOST_OLD_NEWS)
  const items = await Promise.all(
    newest.map(async (id) => {
      const path = `/dashboard/news/${id}.html`
      const page = await ask({ method: 'GET', path, deadlineMs: READ_MS, isHtml: true })
      return page.kind === 'json' && typeof page.value === 'string'
        ? [{ id: String(id), html: page.value }]
        : []
    }),
  )
  return items.flat()
}
