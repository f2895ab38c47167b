// The route table: every call the page and the command line make, with what goes in and what comes out.
import * as z from 'zod/mini'
import {
  configurationPreviewSchema,
  configurationSchema,
  executionsAnswerSchema,
  languagesAnswerSchema,
  logPageAnswerSchema,
  memorySchema,
  newsAnswerSchema,
  overviewAnswerSchema,
  toolStatsAnswerSchema,
} from './details.ts'
import { endingPlanSchema, endRequestSchema, planRequestSchema, receiptSchema } from './ending.ts'
import { historySchema } from './history.ts'
import { instanceListSchema } from './instance.ts'
import {
  registrationSchema,
  registryChangeSchema,
  registryListSchema,
  writtenEntrySchema,
} from './registry.ts'
import {
  homePreviewRequestSchema,
  homePreviewSchema,
  homeSaveRequestSchema,
  ownChangeSchema,
  settingsViewSchema,
} from './settings.ts'
import { handshakeSchema } from './window.ts'

/** `open`: no token needed (and no secret in the answer); `token`: the bearer of this start of the backend. */
export type Access = 'open' | 'token'

export interface Route<
  Body extends z.core.$ZodType = z.core.$ZodType,
  Answer extends z.core.$ZodType = z.core.$ZodType,
> {
  method: 'GET' | 'POST' | 'PUT'
  /** `:id` and `:streamId` are parameters, percent-encoded by the caller. */
  path: string
  access: Access
  /** The JSON body, for POST and PUT. */
  body: Body
  /** Names of the query parameters that may be given. */
  query: readonly string[]
  answer: Answer
}

const route = <Body extends z.core.$ZodType, Answer extends z.core.$ZodType>(
  method: Route['method'],
  path: string,
  access: Access,
  { body, query = [], answer }: { body: Body; query?: readonly string[]; answer: Answer },
): Route<Body, Answer> => ({ method, path, access, body, query, answer })

const nothing = z.optional(z.undefined())
const none = z.object({})
const done = z.object({ isDone: z.literal(true) })
const language = z.object({ language: z.string() })
const instancePath = (rest: string): string => `/api/instances/:id/${rest}`

export const routes = {
  /** Proves who we are: HMAC-SHA256, keyed with the token, over the challenge. */
  identity: route('GET', '/api/identity', 'open', {
    body: nothing,
    query: ['challenge'],
    answer: z.object({
      product: z.literal('serena-deck'),
      version: z.string(),
      pid: z.number(),
      proof: z.string(),
    }),
  }),
  /** Trades the single-use nonce of the address's fragment for the token. */
  session: route('POST', '/api/session', 'open', {
    body: z.object({ nonce: z.string() }),
    answer: z.object({ token: z.string() }),
  }),
  /** A fresh address with a new single-use nonce, for `open`. */
  openUrl: route('POST', '/api/open-url', 'token', {
    body: nothing,
    answer: z.object({ openUrl: z.string() }),
  }),
  instances: route('GET', '/api/instances', 'token', { body: nothing, answer: instanceListSchema }),
  /** Looks at everything now and answers the result. */
  sweep: route('POST', '/api/sweep', 'token', { body: nothing, answer: instanceListSchema }),
  /** Says whether the page behind a stream can be seen: the sweep is slower while none can. */
  stream: route('PUT', '/api/streams/:streamId', 'token', {
    body: z.object({ isVisible: z.boolean() }),
    answer: z.object({ isKnown: z.boolean() }),
  }),
  overview: route('GET', instancePath('overview'), 'token', { body: nothing, answer: overviewAnswerSchema }),
  executions: route('GET', instancePath('executions'), 'token', {
    body: nothing,
    answer: executionsAnswerSchema,
  }),
  stats: route('GET', instancePath('stats'), 'token', { body: nothing, answer: toolStatsAnswerSchema }),
  logs: route('GET', instancePath('logs'), 'token', {
    body: nothing,
    query: ['from'],
    answer: logPageAnswerSchema,
  }),
  clearLogs: route('POST', instancePath('logs/clear'), 'token', { body: none, answer: done }),
  clearStats: route('POST', instancePath('stats/clear'), 'token', { body: none, answer: done }),
  memory: route('GET', instancePath('memory'), 'token', {
    body: nothing,
    query: ['name'],
    answer: memorySchema,
  }),
  /** Answers what is in the memory after saving, as the instance reads it back. */
  saveMemory: route('PUT', instancePath('memory'), 'token', {
    body: z.object({
      name: z.string(),
      content: z.string(),
      /** What the editor was opened with; null: the memory is new. */
      basedOn: z.nullable(z.string()),
    }),
    answer: memorySchema,
  }),
  renameMemory: route('POST', instancePath('memory/rename'), 'token', {
    body: z.object({ from: z.string(), to: z.string() }),
    answer: done,
  }),
  deleteMemory: route('POST', instancePath('memory/delete'), 'token', {
    body: z.object({ name: z.string() }),
    answer: done,
  }),
  /** Those that could be added. */
  languages: route('GET', instancePath('languages'), 'token', {
    body: nothing,
    answer: languagesAnswerSchema,
  }),
  addLanguage: route('POST', instancePath('languages/add'), 'token', { body: language, answer: done }),
  removeLanguage: route('POST', instancePath('languages/remove'), 'token', { body: language, answer: done }),
  /** Abandons: the caller gets an error, the work itself may run on. */
  cancelExecution: route('POST', instancePath('executions/cancel'), 'token', {
    body: z.object({ taskId: z.number() }),
    answer: z.object({ wasCancelled: z.boolean() }),
  }),
  setOpensOnLaunch: route('PUT', instancePath('opens-on-launch'), 'token', {
    body: z.object({ isOn: z.boolean() }),
    answer: done,
  }),
  /** News that were not marked as read in this SERENA_HOME. Serena fetches them first. */
  news: route('GET', instancePath('news'), 'token', { body: nothing, answer: newsAnswerSchema }),
  markNewsRead: route('POST', instancePath('news/read'), 'token', {
    body: z.object({ id: z.string() }),
    answer: done,
  }),
  /** Asks Serena to shut itself down, and waits until its process is gone. */
  shutdown: route('POST', instancePath('shutdown'), 'token', {
    body: none,
    answer: z.object({ hasEnded: z.boolean() }),
  }),
  /** Shows the project's folder, or the one with the log, in the system's file manager. `isShown` false: there is no screen. */
  reveal: route('POST', instancePath('reveal'), 'token', {
    body: z.object({ place: z.enum(['project', 'log']) }),
    answer: z.object({ isShown: z.boolean(), path: z.string() }),
  }),
  configuration: route('GET', instancePath('configuration'), 'token', {
    body: nothing,
    answer: configurationSchema,
  }),
  previewConfiguration: route('POST', instancePath('configuration/preview'), 'token', {
    body: z.object({ text: z.string(), etag: z.string() }),
    answer: configurationPreviewSchema,
  }),
  saveConfiguration: route('PUT', instancePath('configuration'), 'token', {
    body: z.object({ text: z.string(), etag: z.string(), hash: z.nullable(z.string()) }),
    answer: configurationSchema,
  }),
  /** Every setting with the place its value comes from. */
  settings: route('GET', '/api/settings', 'token', { body: nothing, answer: settingsViewSchema }),
  /** Our own settings: what is given is written, null takes a setting back. */
  changeOwnSettings: route('PUT', '/api/settings', 'token', {
    body: ownChangeSchema,
    answer: settingsViewSchema,
  }),
  /** What changing those keys of a home's `serena_config.yml` would do. Touches nothing. */
  previewHomeSettings: route('POST', '/api/settings/home/preview', 'token', {
    body: homePreviewRequestSchema,
    answer: homePreviewSchema,
  }),
  saveHomeSettings: route('PUT', '/api/settings/home', 'token', {
    body: homeSaveRequestSchema,
    answer: settingsViewSchema,
  }),
  /** Every entry of every registry file, ours and others', with what became of its process. */
  registry: route('GET', '/api/registry', 'token', { body: nothing, answer: registryListSchema }),
  register: route('POST', '/api/registry', 'token', { body: registrationSchema, answer: writtenEntrySchema }),
  touchEntry: route('POST', '/api/registry/:id/touch', 'token', { body: none, answer: writtenEntrySchema }),
  updateEntry: route('PUT', '/api/registry/:id', 'token', {
    body: registryChangeSchema,
    answer: writtenEntrySchema,
  }),
  deregisterEntry: route('POST', '/api/registry/:id/deregister', 'token', {
    body: none,
    answer: writtenEntrySchema,
  }),
  /** What would be ended, how and why. Touches nothing. */
  planEnding: route('POST', '/api/ending/plan', 'token', {
    body: planRequestSchema,
    answer: endingPlanSchema,
  }),
  /** Ends instances and answers when all is over; the event stream tells of each step. */
  end: route('POST', '/api/ending', 'token', { body: endRequestSchema, answer: receiptSchema }),
  /** A native window introduces itself: from now on the backend is its extension. */
  adoptWindow: route('POST', '/api/window', 'token', {
    body: handshakeSchema,
    answer: z.object({ isOnly: z.boolean() }),
  }),
  /** Brings the native window to the front, with the tab of that instance. `isShown` false: there is none; `hasPage` false: it has not drawn its page yet. */
  showWindow: route('POST', '/api/window/show', 'token', {
    body: z.object({ id: z.nullable(z.string()) }),
    answer: z.object({ isShown: z.boolean(), hasPage: z.boolean() }),
  }),
  /** Closes the native window as the person would. `wasOpen` false: there was none. */
  closeWindow: route('POST', '/api/window/close', 'token', {
    body: nothing,
    answer: z.object({ wasOpen: z.boolean() }),
  }),
  /** What happened. `about`: the id of one instance; `limit`: so many of the newest (default 200). */
  history: route('GET', '/api/history', 'token', {
    body: nothing,
    query: ['about', 'limit'],
    answer: historySchema,
  }),
} as const satisfies Record<string, Route>

export interface RouteTarget {
  /** For `:id` and `:streamId`. */
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
}

/** The request path of a call, each part percent-encoded. */
export function targetOf(route: Pick<Route, 'path'>, { params = {}, query = {} }: RouteTarget): string {
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
  return search.length === 0 ? path : `${path}?${search.join('&')}`
}

export type RouteName = keyof typeof routes
export type RouteBody<Name extends RouteName> = z.infer<(typeof routes)[Name]['body']>
export type RouteAnswer<Name extends RouteName> = z.infer<(typeof routes)[Name]['answer']>

/** Routes whose answer is not one JSON document. */
export const EVENTS_PATH = '/api/events'
export const METRICS_PATH = '/metrics'
