// Dashboards that fail for real: rows F01 and F02 of the fault table.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { idOf, startBackend } from '../helpers/backend.ts'
import { asSerena, startOddSerena } from '../helpers/odd-serena.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

test('F01: a stopped dashboard is a 504 in time, and holds up nobody beside it', async () => {
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
  // More than it has connections for.
  const slow = Array.from({ length: 6 }, async () => {
    const { status } = await backend.fetch(`${paths[0]}/logs`)
    return { status, isInTime: performance.now() - began < 6_000 }
  })
  await sleep(300)
  const beganBeside = performance.now()
  expect((await backend.fetch(`${paths[1]}/logs`)).status).toBe(200)
  expect(performance.now() - beganBeside).toBeLessThan(1_000)
  expect(await Promise.all(slow)).toEqual(slow.map(() => ({ status: 504, isInTime: true })))
  signalProcess(mark, 'SIGCONT')
  expect((await backend.fetch(`${paths[0]}/logs`)).status).toBe(200)
})

test('F02: a dashboard that dies in the middle of its answer is a 502, and nothing of it is shown', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const { pid } = await startOddSerena(
    scope,
    serenaHome,
    // What came so far could be taken for the whole. The backend asks for more by itself: that is no such answer.
    asSerena(
      `if (request.url !== '/get_tool_stats') return response.writeHead(404).end()
       begin().write('{"stats":{}}', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100))`,
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
