// The actions on an instance through its dashboard.
import { AppError } from '#contract/errors'
import {
  serenaCancelSchema,
  serenaConfigSchema,
  serenaDoneSchema,
  serenaLanguagesSchema,
  serenaMemorySchema,
} from '#contract/serena'
import { parseAnswer } from './answers.ts'
import { type Ask, changeIn, post, READ_MS, readFrom } from './dashboard-requests.ts'
import type { DashboardActions } from './dashboard-service.ts'
import { readNews } from './news.ts'
import { isNotSent } from './open-connection.ts'

/** A language server may have to be downloaded first. */
const LANGUAGE_MS = 120_000

/** Returns the actions over one dashboard's transport. */
export function createActions(ask: Ask): DashboardActions {
  const change = async (what: string, path: string, body?: unknown, options = {}): Promise<void> =>
    void (await changeIn(ask, what, post(path, body), serenaDoneSchema, options))

  return {
    clearLogs: () => change('clearing the log', '/clear_logs'),
    clearStats: () => change('clearing the statistics', '/clear_tool_stats'),
    readMemory: async (name) =>
      (await readFrom(ask, post('/get_memory', { memory_name: name }), serenaMemorySchema)).content,
    saveMemory: (name, content) =>
      change('saving the memory', '/save_memory', { memory_name: name, content }),
    renameMemory: (from, to) =>
      change('renaming the memory', '/rename_memory', { old_name: from, new_name: to }),
    deleteMemory: (name) => change('deleting the memory', '/delete_memory', { memory_name: name }),
    async languages() {
      const answer = await ask({ method: 'GET', path: '/get_available_languages', deadlineMs: READ_MS })
      return answer.kind === 'absent' ? null : parseAnswer(serenaLanguagesSchema, answer.value).languages
    },
    addLanguage: (language) =>
      change('adding the language', '/add_language', { language }, { deadlineMs: LANGUAGE_MS }),
    removeLanguage: (language) => change('removing the language', '/remove_language', { language }),
    async cancelExecution(taskId) {
      const request = post('/cancel_task_execution', { task_id: taskId })
      const answer = await changeIn(ask, 'cancelling', request, serenaCancelSchema)
      return answer.was_cancelled
    },
    setOpensOnLaunch: (isOn) =>
      change(
        'changing the setting',
        '/save_web_dashboard_open_on_launch',
        { web_dashboard_open_on_launch: isOn },
        { since: '2.1.0' },
      ),
    news: () => readNews(ask),
    markNewsRead: (id) =>
      change('marking the news as read', '/mark_news_snippet_as_read', { news_snippet_id: id }),
    readConfiguration: async () =>
      (await readFrom(ask, { method: 'GET', path: '/get_serena_config' }, serenaConfigSchema)).content,
    saveConfiguration: (text) => change('saving the configuration', '/save_serena_config', { content: text }),
    shutdown: () => shutDown(ask),
  }
}

async function shutDown(ask: Ask): Promise<void> {
  try {
    await ask({ method: 'PUT', path: '/shutdown', deadlineMs: READ_MS })
  } catch (error) {
    // Serena closes the connection instead of answering. That is a failure only if the request was never sent.
    if (!(error instanceof AppError) || isNotSent(error)) throw error
  }
}
