// What outsiders see of the route table. A change of it is a visible diff here.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { errorBodySchema } from './error-body.ts'
import { routes } from './routes.ts'

it('keeps the route table', () => {
  const table = Object.entries(routes).map(
    ([name, { method, path, access }]) => `${name}: ${method} ${path} (${access})`,
  )
  expect(table).toMatchInlineSnapshot(`
    [
      "identity: GET /api/identity (open)",
      "session: POST /api/session (open)",
      "openUrl: POST /api/open-url (token)",
      "instances: GET /api/instances (token)",
      "sweep: POST /api/sweep (token)",
      "stream: PUT /api/streams/:streamId (token)",
      "overview: GET /api/instances/:id/overview (token)",
      "executions: GET /api/instances/:id/executions (token)",
      "stats: GET /api/instances/:id/stats (token)",
      "logs: GET /api/instances/:id/logs (token)",
      "clearLogs: POST /api/instances/:id/logs/clear (token)",
      "clearStats: POST /api/instances/:id/stats/clear (token)",
      "memory: GET /api/instances/:id/memory (token)",
      "saveMemory: PUT /api/instances/:id/memory (token)",
      "renameMemory: POST /api/instances/:id/memory/rename (token)",
      "deleteMemory: POST /api/instances/:id/memory/delete (token)",
      "languages: GET /api/instances/:id/languages (token)",
      "addLanguage: POST /api/instances/:id/languages/add (token)",
      "removeLanguage: POST /api/instances/:id/languages/remove (token)",
      "cancelExecution: POST /api/instances/:id/executions/cancel (token)",
      "setOpensOnLaunch: PUT /api/instances/:id/opens-on-launch (token)",
      "news: GET /api/instances/:id/news (token)",
      "markNewsRead: POST /api/instances/:id/news/read (token)",
      "shutdown: POST /api/instances/:id/shutdown (token)",
      "reveal: POST /api/instances/:id/reveal (token)",
      "jump: POST /api/instances/:id/jump (token)",
      "editors: GET /api/editors (token)",
      "openInEditor: POST /api/instances/:id/editor (token)",
      "launch: GET /api/instances/:id/launch (token)",
      "setLabel: PUT /api/instances/:id/label (token)",
      "configuration: GET /api/instances/:id/configuration (token)",
      "previewConfiguration: POST /api/instances/:id/configuration/preview (token)",
      "saveConfiguration: PUT /api/instances/:id/configuration (token)",
      "settings: GET /api/settings (token)",
      "changeOwnSettings: PUT /api/settings (token)",
      "previewHomeSettings: POST /api/settings/home/preview (token)",
      "saveHomeSettings: PUT /api/settings/home (token)",
      "registry: GET /api/registry (token)",
      "register: POST /api/registry (token)",
      "touchEntry: POST /api/registry/:id/touch (token)",
      "updateEntry: PUT /api/registry/:id (token)",
      "deregisterEntry: POST /api/registry/:id/deregister (token)",
      "planEnding: POST /api/ending/plan (token)",
      "end: POST /api/ending (token)",
      "hub: GET /api/hub (token)",
      "stopHub: POST /api/hub/stop (token)",
      "restartHub: POST /api/hub/restart (token)",
      "detachClient: POST /api/hub/detach (token)",
      "previewShare: POST /api/instances/:id/share/preview (token)",
      "shareProject: PUT /api/instances/:id/share (token)",
      "undoShare: POST /api/share/undo (token)",
      "healthCount: GET /api/health/count (token)",
      "health: GET /api/health (token)",
      "previewFix: POST /api/health/preview (token)",
      "applyFix: PUT /api/health/fix (token)",
      "undoFix: POST /api/health/undo (token)",
      "ignoreFinding: POST /api/health/ignore (token)",
      "adoptWindow: POST /api/window (token)",
      "showWindow: POST /api/window/show (token)",
      "closeWindow: POST /api/window/close (token)",
      "history: GET /api/history (token)",
      "usage: GET /api/usage (token)",
      "usageWeek: GET /api/usage/week (token)",
    ]
  `)
})

it('answers an object at the root, which no script tag can run: each route, and each error', () => {
  type Shape = { type?: unknown; anyOf?: Shape[]; oneOf?: Shape[] }
  const isObject = ({ type, anyOf, oneOf }: Shape): boolean =>
    type === 'object' || (anyOf ?? oneOf)?.every(isObject) === true
  const answers = Object.entries(routes).map(([name, { answer }]) => [name, answer] as const)
  for (const [name, schema] of [...answers, ['an error', errorBodySchema] as const])
    expect([name, isObject(z.toJSONSchema(schema) as Shape)]).toEqual([name, true])
})
