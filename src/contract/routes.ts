// The route table: every call of the page and the command line, with the schemas of its body and answer.
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
import { EDITOR_IDS } from './editors.ts'
import { endingPlanSchema, endRequestSchema, planRequestSchema, receiptSchema } from './ending.ts'
import {
  fixedSchema,
  fixPreviewSchema,
  fixRequestSchema,
  healthCountSchema,
  healthSchema,
  undoneSchema,
} from './health.ts'
import { historySchema } from './history.ts'
import { hubStatusSchema } from './hub.ts'
import { instanceListSchema } from './instance.ts'
import { projectLabelChangeSchema, projectLabelSchema } from './project-label.ts'
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
import { sharePreviewSchema, shareRequestSchema, unshareRequestSchema } from './share.ts'
import { usageSchema, usageWeekSchema } from './usage.ts'
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
  /** Names of the optional query parameters. */
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
const hubChange = z.object({ count: z.number() })
const instancePath = (rest: string): string => `/api/instances/:id/${rest}`

export const routes = {
  /** Proves the identity of the backend: HMAC-SHA256 of the challenge, keyed with the token. */
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
  /** Exchanges the single-use nonce in the address's fragment for the token. */
  session: route('POST', '/api/session', 'open', {
    body: z.object({ nonce: z.string() }),
    answer: z.object({ token: z.string() }),
  }),
  /** Returns an address with a new single-use nonce, for `open`. */
  openUrl: route('POST', '/api/open-url', 'token', {
    body: nothing,
    answer: z.object({ openUrl: z.string() }),
  }),
  instances: route('GET', '/api/instances', 'token', { body: nothing, answer: instanceListSchema }),
  /** Scans now and returns the result. */
  sweep: route('POST', '/api/sweep', 'token', { body: nothing, answer: instanceListSchema }),
  /** Reports whether the page of a stream is visible: scans are slower while none is. */
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
  /** Returns the content after saving, as the instance reads it back. */
  saveMemory: route('PUT', instancePath('memory'), 'token', {
    body: z.object({
      name: z.string(),
      content: z.string(),
      /** The content when the editor was opened; null: a new memory. */
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
  /** Returns the languages that can be added. */
  languages: route('GET', instancePath('languages'), 'token', {
    body: nothing,
    answer: languagesAnswerSchema,
  }),
  addLanguage: route('POST', instancePath('languages/add'), 'token', { body: language, answer: done }),
  removeLanguage: route('POST', instancePath('languages/remove'), 'token', { body: language, answer: done }),
  /** Cancels an execution: its caller gets an error, the work itself may continue. */
  cancelExecution: route('POST', instancePath('executions/cancel'), 'token', {
    body: z.object({ taskId: z.number() }),
    answer: z.object({ wasCancelled: z.boolean() }),
  }),
  setOpensOnLaunch: route('PUT', instancePath('opens-on-launch'), 'token', {
    body: z.object({ isOn: z.boolean() }),
    answer: done,
  }),
  /** Returns the news not marked as read in this SERENA_HOME. Serena fetches them first. */
  news: route('GET', instancePath('news'), 'token', { body: nothing, answer: newsAnswerSchema }),
  markNewsRead: route('POST', instancePath('news/read'), 'token', {
    body: z.object({ id: z.string() }),
    answer: done,
  }),
  /** Requests a graceful shutdown and waits until the process has exited. */
  shutdown: route('POST', instancePath('shutdown'), 'token', {
    body: none,
    answer: z.object({ hasEnded: z.boolean() }),
  }),
  /** Shows the folder of the project or of the log in the file manager. `isShown` false: there is no screen. */
  reveal: route('POST', instancePath('reveal'), 'token', {
    body: z.object({ place: z.enum(['project', 'log']) }),
    answer: z.object({ isShown: z.boolean(), path: z.string() }),
  }),
  /** Brings the terminal or editor of the instance's client to the front. `isShown` false: `text` says what to look for. */
  jump: route('POST', instancePath('jump'), 'token', {
    body: none,
    answer: z.object({ isShown: z.boolean(), text: z.string() }),
  }),
  /** Returns the installed editors that can open a folder, the preferred one first. */
  editors: route('GET', '/api/editors', 'token', {
    body: nothing,
    answer: z.object({ editors: z.array(z.object({ id: z.enum(EDITOR_IDS), name: z.string() })) }),
  }),
  /** Opens the folder of the instance's project in an editor. `isShown` false: it did not start. */
  openInEditor: route('POST', instancePath('editor'), 'token', {
    body: z.object({ editor: z.enum(EDITOR_IDS) }),
    answer: z.object({ isShown: z.boolean(), path: z.string() }),
  }),
  /** Returns the instance's start command for a shell and for the configurations of clients, to copy; secrets are masked. */
  launch: route('GET', instancePath('launch'), 'token', {
    body: nothing,
    answer: z.object({
      command: z.nullable(z.string()),
      /** `client`: its display name; `file`: where its configuration is. */
      snippets: z.array(z.object({ client: z.string(), file: z.string(), text: z.string() })),
    }),
  }),
  /** Changes label, note or "leave alone" of the instance's project; returns all three. */
  setLabel: route('PUT', instancePath('label'), 'token', {
    body: projectLabelChangeSchema,
    answer: projectLabelSchema,
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
  /** Returns every setting with the source of its value. */
  settings: route('GET', '/api/settings', 'token', { body: nothing, answer: settingsViewSchema }),
  /** Changes our own settings: given keys are written, null removes a key. */
  changeOwnSettings: route('PUT', '/api/settings', 'token', {
    body: ownChangeSchema,
    answer: settingsViewSchema,
  }),
  /** Previews a change of a home's `serena_config.yml`. Writes nothing. */
  previewHomeSettings: route('POST', '/api/settings/home/preview', 'token', {
    body: homePreviewRequestSchema,
    answer: homePreviewSchema,
  }),
  saveHomeSettings: route('PUT', '/api/settings/home', 'token', {
    body: homeSaveRequestSchema,
    answer: settingsViewSchema,
  }),
  /** Returns every entry of all registry files with the status of its process. */
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
  /** Returns what would be ended, how and why. Ends nothing. */
  planEnding: route('POST', '/api/ending/plan', 'token', {
    body: planRequestSchema,
    answer: endingPlanSchema,
  }),
  /** Ends instances and answers when done; the event stream reports each step. */
  end: route('POST', '/api/ending', 'token', { body: endRequestSchema, answer: receiptSchema }),
  /** Returns the state of the hub; null: no hub is running. */
  hub: route('GET', '/api/hub', 'token', {
    body: nothing,
    answer: z.object({ hub: z.nullable(hubStatusSchema) }),
  }),
  /** Ends the Serena `target`, or the hub with all of them when null. `count`: how many Serenas ended. */
  stopHub: route('POST', '/api/hub/stop', 'token', {
    body: z.object({ target: z.nullable(z.string()) }),
    answer: hubChange,
  }),
  /** Ends and starts the Serena `target`, or all when null. */
  restartHub: route('POST', '/api/hub/restart', 'token', {
    body: z.object({ target: z.nullable(z.string()) }),
    answer: hubChange,
  }),
  /** Disconnects a client; its `connect` process exits. */
  detachClient: route('POST', '/api/hub/detach', 'token', {
    body: z.object({ client: z.string() }),
    answer: hubChange,
  }),
  /** Previews the change that lets the clients of this instance's project share one Serena. Writes nothing. */
  previewShare: route('POST', instancePath('share/preview'), 'token', {
    body: none,
    answer: sharePreviewSchema,
  }),
  /** Changes one file of the preview; `backup`: the copy of the old file. */
  shareProject: route('PUT', instancePath('share'), 'token', {
    body: shareRequestSchema,
    answer: z.object({ backup: z.string() }),
  }),
  /** Restores the entries of a file that was changed so. */
  undoShare: route('POST', '/api/share/undo', 'token', {
    body: unshareRequestSchema,
    answer: z.object({ backup: z.string() }),
  }),
  /** Returns how many findings the doctor has, at most ten minutes old. */
  healthCount: route('GET', '/api/health/count', 'token', { body: nothing, answer: healthCountSchema }),
  /** Reads the configurations of all clients, and returns what the doctor finds. */
  health: route('GET', '/api/health', 'token', {
    body: nothing,
    query: ['fresh'],
    answer: healthSchema,
  }),
  /** Previews the fix of these findings. Writes nothing. */
  previewFix: route('POST', '/api/health/preview', 'token', {
    body: z.object({ ids: z.array(z.string()) }),
    answer: fixPreviewSchema,
  }),
  /** Changes files of the preview: all or none. `backup`: the copy of the old file. */
  applyFix: route('PUT', '/api/health/fix', 'token', { body: fixRequestSchema, answer: fixedSchema }),
  /** Restores the files of the latest fix. */
  undoFix: route('POST', '/api/health/undo', 'token', { body: none, answer: undoneSchema }),
  /** Hides a finding; without a reason it is shown again. */
  ignoreFinding: route('POST', '/api/health/ignore', 'token', {
    body: z.object({ id: z.string(), reason: z.nullable(z.string()) }),
    answer: done,
  }),
  /** Registers a native window: the backend becomes its extension. */
  adoptWindow: route('POST', '/api/window', 'token', {
    body: handshakeSchema,
    answer: z.object({ isOnly: z.boolean() }),
  }),
  /** Brings the native window to the front with a tab (of an instance, or `all`) and a view of it. `isShown` false: no window; `hasPage` false: its page is not drawn yet. */
  showWindow: route('POST', '/api/window/show', 'token', {
    body: z.object({
      id: z.nullable(z.string()),
      view: z.optional(z.string().check(z.regex(/^[a-z-]{1,20}$/))),
    }),
    answer: z.object({ isShown: z.boolean(), hasPage: z.boolean() }),
  }),
  /** Closes the native window as its close button does. `wasOpen` false: there was none. */
  closeWindow: route('POST', '/api/window/close', 'token', {
    body: nothing,
    answer: z.object({ wasOpen: z.boolean() }),
  }),
  /** Returns the history. `about`: the id of one instance; `limit`: maximum number of records, the newest (default 200). */
  history: route('GET', '/api/history', 'token', {
    body: nothing,
    query: ['about', 'limit'],
    answer: historySchema,
  }),
  /** Returns memory, CPU and calls of the last hour. `id`: of that instance alone. */
  usage: route('GET', '/api/usage', 'token', { body: nothing, query: ['id'], answer: usageSchema }),
  /** Returns the total memory of the last week, and when instances were active. */
  usageWeek: route('GET', '/api/usage/week', 'token', { body: nothing, answer: usageWeekSchema }),
} as const satisfies Record<string, Route>

export interface RouteTarget {
  /** For `:id` and `:streamId`. */
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
}

/** Returns the request path of a call, each part percent-encoded. */
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

/** Paths whose answer is not one JSON document. */
export const EVENTS_PATH = '/api/events'
export const METRICS_PATH = '/metrics'
