// Dashboards that stop or exit during a request.
import { expect, test } from 'vitest'
import { idOf, startBackend } from '../helpers/backend.ts'
import { asSerena, startOddSerena } from '../helpers/odd-serena.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test('returns 504 for a stopped dashboard within the timeout, and answers other requests meanwhile', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const [stopped, other] = await Promise.all([1, 2].map(() => startTestStandIn(scope, { serenaHome })))
  if (!stopped || !other) throw new Error('two were started')
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const paths = await Promise.all(
    [stopped, other].map(async ({ pid }) => `/api/instances/${await idOf(backend, pid)}`),
  )
  const mark = markProcess(stopped.pid)
  if (mark === null) throw new Error('it ended')
  signalProcess(mark, 'SIGSTOP')
  scope.add(() => void signalProcess(mark, 'SIGCONT'))
  const began = performance.now()
  // More requests than its connection limit.
  const slow = Array.from({ length: 6 }, async () => {
    const { status } = await backend.fetch(`${paths[0]}/logs`)
    return { status, isInTime: performance.now() - began < 6_000 }
  })
  let isOver = false
  const answers = Promise.all(slow).finally(() => {
    isOver = true
  })
  const beside: { status: number; isAtOnce: boolean }[] = []
  await waitUntil('the end of the slow requests', async () => {
    const beganBeside = performance.now()
    const { status } = await backend.fetch(`${paths[1]}/logs`)
    beside.push({ status, isAtOnce: performance.now() - beganBeside < 1_000 })
    return isOver
  })
  expect(await answers).toEqual(slow.map(() => ({ status: 504, isInTime: true })))
  expect(beside.length).toBeGreaterThan(5)
  expect(beside).toEqual(beside.map(() => ({ status: 200, isAtOnce: true })))
  signalProcess(mark, 'SIGCONT')
  expect((await backend.fetch(`${paths[0]}/logs`)).status).toBe(200)
})

test('returns 502 for a dashboard that exits during its answer, without its partial data', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const { pid } = await startOddSerena(
    scope,
    serenaHome,
    // Partial data could be mistaken for the whole answer. Requests that the backend makes by itself do not count.
    asSerena(
      `if (request.url !== '/get_tool_stats') return response.writeHead(404).end()
       begin().write('{"stats":{}}', () => process.kill(process.pid, 'SIGKILL'))`,
    ),
  )
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const answer = await backend.fetch(`/api/instances/${await idOf(backend, pid)}/stats`)
  expect([answer.status, await answer.text()]).toEqual([
    502,
    expect.stringContaining('"dashboard-unreachable"'),
  ])
  await expect
    .poll(async () => (await backend.call('sweep')).instances.filter((one) => one.pid === pid), {
      timeout: 10_000,
    })
    .toEqual([])
})
