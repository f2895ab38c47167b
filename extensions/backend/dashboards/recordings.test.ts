// Every recording of a real dashboard, 0.1.4 to 2.1.0, served byte for byte to the client.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import {
  executionsAnswerSchema,
  logPageAnswerSchema,
  overviewAnswerSchema,
  toolStatsAnswerSchema,
} from '#contract/details'
import { AppError } from '#contract/errors'
import { createLimit } from '../lib/limit.ts'
import { parseLogHead } from '../serena/log-head.ts'
import { createDashboard, type Dashboard } from './dashboard.ts'
import { targetAt } from './target.fixture.ts'

const folder = join(import.meta.dirname, '../../../test/fixtures/golden')
const recordingSchema = z.object({
  request: z.object({ method: z.string(), path: z.string() }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
  }),
})
type Recording = z.infer<typeof recordingSchema>
const versions = readdirSync(folder)
const read = (version: string, file: string): Recording =>
  z.parse(recordingSchema, JSON.parse(readFileSync(join(folder, version, file), 'utf8')))
const recordings = versions.flatMap((version) =>
  readdirSync(join(folder, version))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ version, file, ...read(version, file) })),
)

let server: Server
let answers: (path: string) => Recording['response'] | null = () => null

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers(request.url ?? '')
    response.writeHead(answer?.status ?? 404, { ...answer?.headers, connection: 'close' })
    response.end(typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer?.body ?? null))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void server.close())

async function withDashboard<Value>(use: (dashboard: Dashboard) => Promise<Value>): Promise<Value> {
  const { port } = server.address() as AddressInfo
  const dashboard = createDashboard({
    target: targetAt(port),
    now: () => performance.now(),
    limit: createLimit(8),
  })
  try {
    return await use(dashboard)
  } finally {
    dashboard.close()
  }
}

/** The call that asks that route, and the shape it promises. */
const CALLS: Readonly<
  Record<string, { call: (dashboard: Dashboard) => Promise<unknown>; shape: z.core.$ZodType }>
> = {
  '/get_config_overview': { call: (dashboard) => dashboard.overview(), shape: overviewAnswerSchema },
  '/get_log_messages': { call: (dashboard) => dashboard.logs(0), shape: logPageAnswerSchema },
  '/get_tool_stats': { call: (dashboard) => dashboard.toolStats(), shape: toolStatsAnswerSchema },
  '/get_token_count_estimator_name': {
    call: (dashboard) => dashboard.toolStats(),
    shape: toolStatsAnswerSchema,
  },
  '/queued_task_executions': { call: (dashboard) => dashboard.executions(), shape: executionsAnswerSchema },
  '/last_execution': { call: (dashboard) => dashboard.executions(), shape: executionsAnswerSchema },
}
const asked = recordings.filter(({ request, response }) => request.path in CALLS && response.status !== 0)

const isUsable = ({ status, headers, body }: Recording['response']): boolean =>
  status === 200 &&
  headers['content-type'] === 'application/json' &&
  (body as { status?: string }).status !== 'error'

test('there are recordings of five versions', () => {
  expect(versions).toEqual(['0.1.4', '1.3.0', '1.5.3', '1.7.0', '2.1.0'])
  expect(asked.length).toBeGreaterThan(150)
})

test.each(asked.map((recording) => [recording.version, recording.file, recording] as const))(
  '%s %s is parsed, or refused with a reason',
  async (version, _, { request, response }) => {
    const entry = CALLS[request.path]
    if (!entry) throw new Error(request.path)
    // The other route of a pair answers as that version does.
    answers = (path) => {
      if (path === request.path) return response
      const plain = recordings.find(
        (one) => one.version === version && one.request.path === path && isUsable(one.response),
      )
      return plain?.response ?? null
    }
    const answer = await withDashboard(entry.call).catch((error: unknown) => error)
    if (isUsable(response)) {
      expect(z.safeParse(entry.shape, answer).success, JSON.stringify(answer)).toBe(true)
    } else if (response.status === 404) {
      expect(answer).toMatchObject({ isAvailable: false, since: '1.0.0' })
    } else {
      expect(answer).toBeInstanceOf(AppError)
      expect((answer as AppError).code).toMatch(/^dashboard-(nonsense|refused)$/)
    }
  },
)

describe.each(versions)('Serena %s', (version) => {
  beforeAll(() => {
    answers = (path) => {
      const file = `${path.slice(1)}.json`
      return readdirSync(join(folder, version)).includes(file) ? read(version, file).response : null
    }
  })

  test('is identified as a Serena, with its project', async () => {
    await withDashboard(async (dashboard) => {
      expect((await dashboard.identify()).isSerena).toBe(true)
      expect((await dashboard.heartbeat()).result).toBe('answered')
      const { status } = await dashboard.poll()
      expect(status?.activeProject).toBe(version === '0.1.4' ? undefined : 'demo-ts')
    })
  })

  test('reports its data', async () => {
    await withDashboard(async (dashboard) => {
      const [overview, executions] = [await dashboard.overview(), await dashboard.executions()]
      if (version === '0.1.4') {
        expect([overview.isAvailable, executions.isAvailable]).toEqual([false, false])
        return
      }
      if (!overview.isAvailable || !executions.isAvailable) throw new Error('absent')
      expect(overview.data).toMatchObject({
        project: { name: 'demo-ts', languages: ['typescript'] },
        serenaVersion: version,
        otherFacts: [],
      })
      expect(overview.data.activeTools).toContain('find_symbol')
      expect(executions.data.queue.every(({ name }) => !name.startsWith('BackgroundTask'))).toBe(true)
    })
  })

  test('names itself in its log', () => {
    const head = parseLogHead(readFileSync(join(folder, version, '_log-head.txt'), 'utf8'))
    // The recorded heads end before the later versions name their port.
    if (version === '0.1.4') expect(head.dashboardPort).toBeGreaterThanOrEqual(24_282)
    else expect(head).toMatchObject({ serenaVersion: version, pid: expect.any(Number) as number })
  })
})

test.each([
  ['Serena web dashboard started at http://127.0.0.1:24284/dashboard/index.html', 24_284],
  ['Serena web dashboard started at http://0.0.0.0:24283/dashboard/index.html', 24_283],
  ['dashboard started at http://127.0.0.1:99999/', null],
  ['dashboard started at http://127.0.0.1:/', null],
  ['', null],
])('the log line %j names port %s', (line, port) => {
  expect(parseLogHead(`INFO x\n${line}\n`).dashboardPort).toBe(port)
})
