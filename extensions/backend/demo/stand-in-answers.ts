// What a stand-in's dashboard answers: the routes, shapes and error pages of Serena's own (0.1.4 to 2.1.0). Pure but for the state.
import type { StandInLog } from './stand-in-log.ts'
import { AVAILABLE_TOOLS, CONTEXTS, EXPOSED_TOOLS, LANGUAGES, MODES } from './stand-in-names.ts'

export interface StandInState {
  version: string
  project: { name: string; path: string } | null
  registered: readonly { name: string; path: string }[]
  /** Names that are added to every list. */
  moreNames: readonly string[]
  memories: Map<string, string>
  stats: Map<string, { num_times_called: number; input_tokens: number; output_tokens: number }>
  queue: StandInTask[]
  last: StandInTask | null
  context: string
  opensOnLaunch: boolean | null
  newerVersion: string | null
  hasExtraFields: boolean
  changedTypes: readonly string[]
  news: Map<string, string>
  missingRoutes: ReadonlySet<string>
  log: StandInLog
}

export interface StandInTask {
  task_id: number
  name: string
  is_running: boolean
  finished_successfully: boolean
  logged: boolean
}

export interface StandInAnswer {
  status: number
  contentType: string
  body: string
  headers?: Readonly<Record<string, string>>
}

type Input = Readonly<Record<string, unknown>>
interface StandInRoute {
  method: 'GET' | 'POST' | 'PUT'
  since: string
  /** The first version without it. */
  until?: string
  /** POST routes that read no body take none. */
  hasBody: boolean
  answer: (state: StandInState, input: Input) => object
}

/** Returns -1, 0 or 1, comparing numbers part by part. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]]
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

const failure = (message: string): object => ({ status: 'error', message })
const success = (message: string): object => ({ status: 'success', message })
const text = (input: Input, key: string): string => {
  const value = input[key]
  if (typeof value !== 'string') throw new TypeError(`${key} is not a string`)
  return value
}

const configFile = (kind: 'contexts' | 'modes', name: string): string =>
  `/opt/serena/lib/python3.11/site-packages/serena/resources/config/${kind}/${name}.yml`
const choices = (kind: 'contexts' | 'modes', names: readonly string[], active: readonly string[]): object[] =>
  names.map((name) => ({ name, is_active: active.includes(name), path: configFile(kind, name) }))

function overview(state: StandInState): object {
  const { project, version, moreNames } = state
  const activeModes = ['editing', 'interactive', ...moreNames]
  const from = (since: string, part: object): object => (compareVersions(version, since) >= 0 ? part : {})
  return {
    active_project: {
      name: project?.name ?? null,
      path: project?.path ?? null,
      language: project ? 'typescript' : null,
      ...from('2.1.0', { is_trusted: project ? false : null }),
    },
    active_tools: [...EXPOSED_TOOLS, ...moreNames],
    available_contexts: choices('contexts', [...CONTEXTS, ...moreNames], [state.context]),
    available_memories: project ? [...state.memories.keys()].sort() : null,
    available_modes: choices('modes', [...MODES, ...moreNames], activeModes),
    available_tools: [...AVAILABLE_TOOLS, ...moreNames].map((name) => ({ name, is_active: false })),
    context: {
      name: state.context,
      description: 'A stand-in that plays a Serena for tests and demos',
      path: configFile('contexts', state.context),
    },
    current_client: moreNames[0] ?? null,
    encoding: project ? (moreNames[0] ?? 'utf-8') : null,
    jetbrains_mode: false,
    languages: project ? ['typescript', ...moreNames] : [],
    modes: activeModes.map((name) => ({
      name,
      description: `The mode ${name}`,
      path: configFile('modes', name),
    })),
    registered_projects: state.registered.map((known) => ({
      ...known,
      is_active: known.name === project?.name,
    })),
    tool_stats_summary: Object.fromEntries(
      [...state.stats].map(([tool, { num_times_called }]) => [tool, { num_calls: num_times_called }]),
    ),
    ...from('1.1.0', { serena_version: version }),
    ...from('1.6.1', { newer_serena_version: state.newerVersion }),
    ...from('2.0.0', {
      agent_interface: moreNames[0] ?? 'tools',
      language_backend: moreNames[0] ?? 'LSP',
      facades: moreNames.length === 0 ? null : facadesOf(moreNames),
    }),
    ...from('2.1.0', { web_dashboard_open_on_launch: state.opensOnLaunch }),
  }
}

const facadesOf = (names: readonly string[]): object[] =>
  names.map((name) => ({ name, is_enabled: true, methods: [{ name, is_enabled: false }] }))

function memory(state: StandInState, input: Input, act: (name: string) => object): object {
  if (Object.keys(input).length === 0) return failure('No data provided')
  return state.project ? act(text(input, 'memory_name')) : failure('No active project')
}

const route = (
  method: StandInRoute['method'],
  since: string,
  answer: StandInRoute['answer'],
  hasBody = false,
): StandInRoute => ({ method, since, hasBody, answer })

const ROUTES: Readonly<Record<string, StandInRoute>> = {
  '/heartbeat': route('GET', '1.0.0', () => ({ status: 'alive' })),
  '/get_log_messages': route(
    'POST',
    '0.1.3',
    (state, input) => {
      const start = input['start_idx'] ?? 0
      if (typeof start !== 'number' && typeof start !== 'string')
        throw new TypeError('start_idx is not a number')
      const page = state.log.since(Number(start))
      return compareVersions(state.version, '1.0.0') >= 0
        ? { ...page, active_project: state.project?.name ?? null }
        : page
    },
    true,
  ),
  '/get_tool_names': route('GET', '0.1.3', () => ({ tool_names: [...EXPOSED_TOOLS, ...AVAILABLE_TOOLS] })),
  '/get_tool_stats': route('GET', '0.1.3', (state) => ({ stats: Object.fromEntries(state.stats) })),
  '/get_token_count_estimator_name': route('GET', '0.1.3', () => ({
    token_count_estimator_name: 'CHAR_COUNT',
  })),
  '/get_config_overview': route('GET', '1.0.0', overview),
  '/get_available_languages': route('GET', '1.0.0', (state) => ({
    languages: LANGUAGES.filter((language) => !state.project || language !== 'typescript'),
  })),
  '/queued_task_executions': route('GET', '1.0.0', (state) => ({
    queued_executions: state.queue,
    status: 'success',
  })),
  '/last_execution': route('GET', '1.0.0', (state) => ({ last_execution: state.last, status: 'success' })),
  '/news_snippet_ids': {
    ...route('GET', '1.0.0', ({ news }) => ({
      news_snippet_ids: [...news.keys()].map(Number),
      status: 'success',
    })),
    until: '1.1.0',
  },
  '/fetch_unread_news': route('GET', '1.1.0', ({ news }) => ({
    news: Object.fromEntries(news),
    status: 'success',
  })),
  '/mark_news_snippet_as_read': route(
    'POST',
    '1.0.0',
    ({ news }, input) => {
      news.delete(text(input, 'news_snippet_id'))
      return success('Marked as read')
    },
    true,
  ),
  '/cancel_task_execution': route(
    'POST',
    '1.0.0',
    (state, { task_id }) => {
      const before = state.queue.length
      state.queue = state.queue.filter((task) => task.task_id !== task_id)
      return { status: 'success', was_cancelled: state.queue.length < before }
    },
    true,
  ),
  '/get_serena_config': route('GET', '1.0.0', () => ({ content: 'web_dashboard: true\nprojects: []\n' })),
  '/clear_logs': route('POST', '1.0.0', (state) => {
    state.log.clear()
    return { status: 'cleared' }
  }),
  '/clear_tool_stats': route('POST', '0.1.3', (state) => {
    state.stats.clear()
    return { status: 'cleared' }
  }),
  '/get_memory': route(
    'POST',
    '1.0.0',
    (state, input) =>
      memory(state, input, (name) => {
        const content = state.memories.get(name)
        if (content !== undefined) return { content, memory_name: name }
        return compareVersions(state.version, '1.7.0') >= 0
          ? failure(`Memory ${name} not found`)
          : { content: `Memory file ${name} not found`, memory_name: name }
      }),
    true,
  ),
  '/save_memory': route(
    'POST',
    '1.0.0',
    (state, input) =>
      memory(state, input, (name) => {
        state.memories.set(name, text(input, 'content'))
        return success(`Memory ${name} saved successfully`)
      }),
    true,
  ),
  '/delete_memory': route(
    'POST',
    '1.0.0',
    (state, input) =>
      memory(state, input, (name) => {
        state.memories.delete(name)
        return success(`Memory ${name} deleted successfully`)
      }),
    true,
  ),
  '/save_web_dashboard_open_on_launch': route(
    'POST',
    '2.1.0',
    (state, input) => {
      state.opensOnLaunch = input['web_dashboard_open_on_launch'] === true
      return { status: 'success' }
    },
    true,
  ),
}

const JSON_TYPE = 'application/json'
/** Returns an error page as Werkzeug writes it. */
export function errorPage(status: number, title: string): StandInAnswer {
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`
  return { status, contentType: 'text/html; charset=utf-8', body }
}

/** The body as an object, or the error page that Serena answers. */
function parseBody(contentType: string, body: string): { input: Input } | { error: StandInAnswer } {
  if (!contentType.startsWith(JSON_TYPE)) return { error: errorPage(415, 'Unsupported Media Type') }
  try {
    const input: unknown = JSON.parse(body)
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return { error: errorPage(500, 'Internal Server Error') }
    }
    return { input: input as Input }
  } catch {
    // Not JSON: Serena answers with this page.
    return { error: errorPage(400, 'Bad Request') }
  }
}

/** Returns one answer of the dashboard. `PUT /shutdown` is handled elsewhere: it never answers, it ends the process. */
export function answerStandIn(
  state: StandInState,
  request: { method: string; path: string; contentType: string; body: string },
): StandInAnswer {
  const { method, path } = request
  if (path === '/') return { ...errorPage(302, 'Redirecting...'), headers: { Location: '/dashboard/' } }
  if (path.startsWith('/dashboard/')) {
    return {
      status: 200,
      contentType: 'text/html; charset=utf-8',
      body:
        state.news.get(/^\/dashboard\/news\/(\d+)\.html$/.exec(path)?.[1] ?? '') ??
        '<!doctype html><title>Serena Dashboard</title>',
    }
  }
  const found = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
  const isThere =
    found !== undefined &&
    compareVersions(state.version, found.since) >= 0 &&
    compareVersions(state.version, found.until ?? '999.0.0') < 0
  if (!isThere || state.missingRoutes.has(path)) {
    return errorPage(404, 'Not Found')
  }
  if (found.method !== method && !(method === 'HEAD' && found.method === 'GET')) {
    return { ...errorPage(405, 'Method Not Allowed'), headers: { Allow: `${found.method}, OPTIONS` } }
  }
  const parsed = found.hasBody ? parseBody(request.contentType, request.body) : { input: {} }
  if ('error' in parsed) return parsed.error
  try {
    const answer = { ...found.answer(state, parsed.input) }
    const extra = state.hasExtraFields ? { from_the_future: { nested: [1, 'two', null] } } : {}
    const changed = Object.fromEntries(
      state.changedTypes.filter((key) => key in answer).map((key) => [key, { of: 'another type' }]),
    )
    const body = JSON.stringify({ ...answer, ...extra, ...changed })
    return { status: 200, contentType: JSON_TYPE, body: `${body}\n` }
  } catch (error) {
    // A missing or wrong field: Flask's own page, as in Serena.
    if (error instanceof TypeError) return errorPage(500, 'Internal Server Error')
    throw error
  }
}
