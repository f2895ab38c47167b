// The stand-in as a program: its log, the behavior of its dashboard, its reaction to requests.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StandIn, startStandIn } from './start-stand-in.ts'

let folder = ''
let standIn: StandIn | null = null
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serena-deck-test-'))
})
afterEach(async () => {
  await standIn?.stop()
  standIn = null
  await rm(folder, { recursive: true, force: true })
})

const start = async (options: Parameters<typeof startStandIn>[0]['options']): Promise<string> => {
  standIn = await startStandIn({ folder, serenaHome: join(folder, 'home'), options })
  return `http://127.0.0.1:${standIn.port()}`
}
const project = { name: 'demo-ts', path: '/home/ana/projects/demo-ts' }

test('writes the log of a Serena', async () => {
  const url = await start({ project })
  const text = await readFile(standIn?.logFile ?? '', 'utf8')
  expect(standIn?.logFile).toMatch(
    new RegExp(`/logs/\\d{4}-\\d\\d-\\d\\d/mcp_\\d{8}-\\d{6}_${standIn?.pid}\\.txt$`),
  )
  expect(text).toContain(`Starting Serena server (version=2.1.0, process id=${standIn?.pid},`)
  expect(text).toContain(`Serena web dashboard started at ${url}/dashboard/index.html`)
})

test('answers and fails like version 2.1.0', async () => {
  const url = await start({ project })
  const post = (headers: Record<string, string>, body: string): Promise<Response> =>
    fetch(`${url}/get_log_messages`, { method: 'POST', headers, body })
  const json = { 'Content-Type': 'application/json' }
  const page = (await (await post(json, '{"start_idx":0}')).json()) as { messages: string[]; max_idx: number }
  expect(page.max_idx).toBe(page.messages.length - 1)
  expect(page).toMatchObject({ active_project: 'demo-ts' })
  expect((await post({ 'Content-Type': 'text/plain' }, '')).status).toBe(415)
  expect((await post(json, 'no json')).status).toBe(400)
  expect((await fetch(`${url}/get_log_messages`)).status).toBe(405)
  expect((await fetch(`${url}/no_such_route`)).status).toBe(404)
  const names = (await (await fetch(`${url}/get_tool_names`)).json()) as { tool_names: string[] }
  expect(names.tool_names).toContain('find_symbol')
  expect(names.tool_names).toHaveLength(53)
})

test('has neither overview nor heartbeat in an old version', async () => {
  const url = await start({ project, version: '0.1.4' })
  expect((await fetch(`${url}/heartbeat`)).status).toBe(404)
  expect((await fetch(`${url}/get_config_overview`)).status).toBe(404)
  expect((await fetch(`${url}/get_tool_names`)).status).toBe(200)
})

test('hangs and answers again on request', async () => {
  const url = await start({ project })
  const look = (): Promise<Response> => fetch(`${url}/heartbeat`, { signal: AbortSignal.timeout(400) })
  expect((await look()).status).toBe(200)
  standIn?.send('hang')
  await expect.poll(() => look().catch((error: Error) => error.name), { timeout: 5000 }).toBe('TimeoutError')
  standIn?.send('answer')
  await expect
    .poll(
      () =>
        look().then(
          (answer) => answer.status,
          () => 0,
        ),
      { timeout: 5000 },
    )
    .toBe(200)
})

test('takes the next free port, exits at the end of its input, and at PUT /shutdown without an answer', async () => {
  const url = await start({ project })
  const other = await startStandIn({
    folder,
    serenaHome: join(folder, 'home'),
    options: { basePort: standIn?.port() ?? 0 },
  })
  expect(other.port()).not.toBe(standIn?.port())
  await other.stop()
  expect(other.child.exit()).toEqual({ code: 0, signal: null })
  await expect(fetch(`${url}/shutdown`, { method: 'PUT' })).rejects.toThrow()
  await expect.poll(() => standIn?.child.exit()).toEqual({ code: null, signal: 'SIGTERM' })
})
