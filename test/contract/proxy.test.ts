// Which requests and data pass through the backend to a dashboard and back.
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RouteName, routes, targetOf } from '#contract/routes'
import { idOf, startBackend, type TestBackend } from '../helpers/backend.ts'
import { asSerena, startOddSerena } from '../helpers/odd-serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { traceCalls, whyNoStrace } from '../helpers/strace.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const configuration = { text: 'a: 1\n', etag: 'x' }
/** The smallest valid input of each call, where an empty one is invalid. */
const INPUTS: { [Name in RouteName]?: { query?: Record<string, string>; body?: object } } = {
  logs: { query: { from: '0' } },
  memory: { query: { name: 'new' } },
  saveMemory: { body: { name: 'new', content: 'x', basedOn: null } },
  renameMemory: { body: { from: 'new', to: 'newer' } },
  deleteMemory: { body: { name: 'new' } },
  addLanguage: { body: { language: 'go' } },
  removeLanguage: { body: { language: 'go' } },
  cancelExecution: { body: { taskId: 1 } },
  setOpensOnLaunch: { body: { isOn: true } },
  markNewsRead: { body: { id: '1' } },
  previewConfiguration: { body: configuration },
  saveConfiguration: { body: { ...configuration, hash: null } },
}

/** Folders, files, windows and the label of an instance. */
const WITHOUT_DASHBOARD = [
  'reveal',
  'jump',
  'openInEditor',
  'launch',
  'setLabel',
  'previewShare',
  'shareProject',
]

/** Makes every call that queries the dashboard of that instance; returns the status of each. */
async function callEverything(backend: TestBackend, id: string): Promise<Record<string, number>> {
  const calls = Object.entries(routes).filter(
    ([name, { path }]) => path.startsWith('/api/instances/:id/') && !WITHOUT_DASHBOARD.includes(name),
  )
  const statuses = calls.map(async ([name, route]) => {
    const { query = {}, body = {} } = INPUTS[name as RouteName] ?? {}
    const init = {
      method: route.method,
      ...(route.method !== 'GET' && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    }
    return [name, (await backend.fetch(targetOf(route, { params: { id }, query }), init)).status] as const
  })
  return Object.fromEntries(await Promise.all(statuses))
}

/** The expected statuses when the instance has no dashboard or another process owns its port: all refused. */
async function expectNoCall(backend: TestBackend, id: string): Promise<void> {
  const statuses = await callEverything(backend, id)
  expect(Object.keys(statuses).length).toBeGreaterThan(20)
  expect(Object.entries(statuses).filter(([, status]) => status !== 409)).toEqual([])
}

const why = whyNoStrace()
const counted = why === null ? 'no socket is opened' : `sockets not counted: ${why}`
test(`a caller can name an instance, but no port or path (${counted})`, async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const standIn = await startOddSerena(scope, serenaHome, asSerena())
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const id = await idOf(backend, standIn.pid)
  const statusOf = async (path: string, method = 'GET'): Promise<number> =>
    (await backend.fetch(path, { method })).status
  const connects = why === null ? await traceCalls(scope, backend.program.mark, 'connect') : () => []
  const port = String(standIn.port)
  const odd = [
    '22',
    '24224',
    '25282',
    '0',
    '65536',
    '0x5EDA',
    '24282%20',
    '%5B%2224282%22%5D',
    '2.4e4',
    '٢٤٢٨٢',
  ]
  for (const name of [...odd, port, String(standIn.pid), '%2f..', '@evil', '..%2f..', `${id}%00`])
    expect([400, 404], name).toContain(await statusOf(`/api/instances/${name}/overview`))
  for (const rest of ['shutdown', 'overview/', 'overview%2f..', 'get_serena_config', 'heartbeat', ''])
    expect([400, 404, 405], rest).toContain(await statusOf(`/api/instances/${id}/${rest}`))
  expect([404, 405]).toContain(await statusOf(`/api/instances/${id}/overview`, 'PUT'))
  expect(await statusOf(`/api/instances/${id}/overview?port=22`)).toBe(400)
  expect(await statusOf(`/api/instances/${id}/logs?from=1e3`)).toBe(400)
  expect(await statusOf(`/api/instances/${id}/logs?from=1&from=2`)).toBe(400)
  // Except the probes of the scan.
  const look =
    /^(GET \/(get_tool_names|get_config_overview|queued_task_executions|last_execution)|POST \/get_log_messages)$/
  expect((await standIn.asked()).filter((request) => !look.test(request))).toEqual([])
  expect(connects().filter((call) => !call.includes(`htons(${port})`))).toEqual([])
  const before = connects().length
  expect(await statusOf(`/api/instances/${id}/overview`)).toBe(200)
  if (why === null) expect(connects().length).toBeGreaterThan(before)
})

test.skipIf(process.platform !== 'linux')(
  'cuts an endless answer at 64 MB of memory and returns 502',
  async () => {
    const serenaHome = await makeTempFolder(scope, 'home')
    const { pid } = await startOddSerena(
      scope,
      serenaHome,
      asSerena(`begin()
    const piece = Buffer.alloc(1024 * 1024, 32)
    const more = () => { while (!response.destroyed && response.write(piece)); }
    response.on('drain', more)
    more()`),
    )
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const id = await idOf(backend, pid)
    const residentMb = async (): Promise<number> =>
      Number(/^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${backend.pid}/status`, 'utf8'))?.[1]) / 1000
    const before = await residentMb()
    let most = before
    const timer = setInterval(() => void residentMb().then((now) => (most = Math.max(most, now))), 5)
    const answer = await backend.fetch(`/api/instances/${id}/stats`)
    clearInterval(timer)
    expect(answer.status).toBe(502)
    expect(await answer.text()).toContain('"dashboard-too-large"')
    expect(most - before).toBeLessThan(64)
  },
)

test('forwards no header of an answer', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const { pid } = await startOddSerena(
    scope,
    serenaHome,
    asSerena(
      `if (request.url === '/get_tool_stats') return json('{"stats":{}}', headers)
    json('{"token_count_estimator_name":"evil"}', headers)`,
      {
        'Set-Cookie': 'evil=1',
        'Content-Security-Policy': 'script-src *',
        Location: 'http://evil.example/',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Credentials': 'true',
        'X-Evil': '1',
        Refresh: '0;url=http://evil.example/',
        'Cache-Control': 'public',
        Server: 'evil',
      },
    ),
  )
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const id = await idOf(backend, pid)
  const [good, own] = [
    await backend.fetch(`/api/instances/${id}/stats`),
    await backend.fetch('/api/instances'),
  ]
  expect(await good.json()).toMatchObject({ data: { estimator: 'evil' } })
  const plain = ({ headers }: Response) =>
    [...headers].filter(([name]) => !/^(content-length|date)$/.test(name))
  expect(plain(good)).toEqual(plain(own))
  expect(JSON.stringify([...good.headers])).not.toMatch(/evil|script-src \*|access-control|public/)
})

test('a server that answers a heartbeat but is not a Serena gets no tab and no further request', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const program = await startOddSerena(scope, serenaHome, `json('{"status":"alive"}')`)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const impostor = await waitUntil('the impostor', async () => {
    const { instances } = await backend.call('sweep')
    return instances.find(({ pid }) => pid === program.pid)
  })
  expect(impostor).toMatchObject({ port: null })
  expect(impostor.state).not.toMatch(/live|idle/)
  await expectNoCall(backend, impostor.id)
  // The single probe that identifies a Serena.
  expect(new Set(await program.asked())).toEqual(new Set(['GET /get_tool_names']))
})

test('an entry that names the backend itself causes no request loop', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const started_at = new Date().toISOString()
  const entry = { pid: backend.pid, port: Number(new URL(backend.url).port), project_name: 'x', started_at }
  await writeFile(join(serenaHome, 'instances.json'), JSON.stringify({ x: entry }))
  const { instances } = await backend.call('sweep')
  expect(instances).toMatchObject([{ pid: backend.pid, state: 'dead' }])
  expect((await backend.fetch(`/api/instances/${instances[0]?.id}/overview`)).status).toBe(404)
  expect(instances[0]?.verdict.evidence[0]).toContain('is now another program')
})

/** Starts another server on that port, and records its requests. */
async function takePort(port: number): Promise<string[]> {
  const asked: string[] = []
  const otherServer = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('{}')
  })
  scope.add(() => void otherServer.close())
  await waitUntil(
    'the port',
    () =>
      new Promise<boolean>((resolve) => {
        otherServer.once('error', () => resolve(false))
        otherServer.listen(port, '127.0.0.1', () => resolve(true))
      }),
  )
  expect((otherServer.address() as AddressInfo).port).toBe(port)
  return asked
}

test('sends no request to a port that another program took over', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const standIn = await startTestStandIn(scope, { serenaHome })
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const id = await idOf(backend, standIn.pid)
  const port = standIn.port() ?? 0
  await standIn.stop()
  const asked = await takePort(port)
  const statuses = new Set(Object.values(await callEverything(backend, id)))
  expect([...statuses].filter((status) => status !== 404 && status !== 409)).toEqual([])
  await backend.call('sweep')
  expect(asked).toEqual([])
})

test('sends no request to that port while the instance keeps running', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const standIn = await startTestStandIn(scope, { serenaHome })
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const id = await idOf(backend, standIn.pid)
  standIn.send('close')
  const asked = await takePort(standIn.port() ?? 0)
  await expectNoCall(backend, id)
  await backend.call('sweep')
  await expectNoCall(backend, id)
  expect(asked).toEqual([])
})

test('of two instances that claim a port, only its owner is queried', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const project = { name: 'x', path: serenaHome }
  const owner = await startTestStandIn(scope, { serenaHome, options: { project } })
  const claimant = await startTestStandIn(scope, { serenaHome, options: { dashboard: 'never' } })
  const now = new Date().toISOString()
  const entryOf = (pid: number) => ({
    pid,
    port: owner.port(),
    project_name: 'x',
    project_root: serenaHome,
    context: 'ide',
    modes: [],
    started_at: now,
    last_seen: now,
  })
  const entries = { a: entryOf(owner.pid), b: entryOf(claimant.pid) }
  await writeFile(join(serenaHome, 'instances.json'), JSON.stringify(entries))
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const both = await waitUntil('both, by their entries', async () => {
    const { instances } = await backend.call('sweep')
    const found = [owner, claimant].map(({ pid }) => instances.find((one) => one.pid === pid))
    return found.every((one) => one?.sources.includes('registry')) && found
  })
  expect(both).toMatchObject([{ state: 'live', port: owner.port() }, { port: null }])
  expect(both[1]?.state).toMatch(/^(starting|no-dashboard)$/)
  const params = { id: both[1]?.id ?? '' }
  expect((await backend.fetch(`/api/instances/${params.id}/overview`)).status).not.toBe(200)
  await backend.call('end', { body: { ids: [params.id], scope: 'named' } })
  await waitUntil('the claimant to be removed', async () => {
    const { instances } = await backend.call('sweep')
    return !instances.some(({ pid, state }) => pid === claimant.pid && state !== 'dead')
  })
  const { instances } = await backend.call('sweep')
  expect(instances.find(({ pid }) => pid === owner.pid)?.state).toBe('live')
})
