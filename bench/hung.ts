// Probes a hundred dashboards of which ten never answer: our client compared with a plain loop, which probes one after another with
// kill(pid, 0) and a heartbeat of 2 s. Run: npx tsx bench/hung.ts
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { createDashboard } from '../extensions/backend/dashboards/dashboard.ts'
import { createDashboards } from '../extensions/backend/dashboards/dashboards.ts'
import { targetAt } from '../extensions/backend/dashboards/target.fixture.ts'
import { createLimit } from '../extensions/backend/lib/limit.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { alternate, figure, median, printTable, ratio, runBench } from './measure.ts'

const COUNT = 100
const HUNG = 10
const ROUNDS = 5
const PLAIN_TIMEOUT_MS = 2_000

const readySchema = z.object({ ports: z.array(z.number()) })

/** Starts one process that serves all dashboards; every tenth accepts connections and never answers. */
async function startServers(scope: Scope): Promise<{ pid: number; ports: number[] }> {
  const file = fileURLToPath(new URL('hung-servers.mjs', import.meta.url))
  const child = fork(file, [String(COUNT), String(COUNT / HUNG)], { execArgv: [] })
  const killHard = (): boolean => child.kill('SIGKILL')
  process.on('exit', killHard)
  scope.add(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
    process.off('exit', killHard)
  })
  const [message] = (await once(child, 'message')) as [unknown]
  return { pid: child.pid ?? 0, ports: readySchema.parse(message).ports }
}

/** Returns whether it answers within 2 s. */
function plainHeartbeat(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/heartbeat', timeout: PLAIN_TIMEOUT_MS },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 200))
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}

async function plainWay(pid: number, ports: readonly number[]): Promise<number> {
  let answered = 0
  for (const port of ports) {
    process.kill(pid, 0)
    if (await plainHeartbeat(port)) answered += 1
  }
  return answered
}

interface Client {
  poll(): Promise<{ outcome: { result: string } }>
  close(): void
}

/** Probes each dashboard once; also returns when the last answer arrived. */
async function ourWay(
  ports: readonly number[],
  connect: (port: number) => Client,
): Promise<{ answered: number; lastAnswerMs: number }> {
  const from = performance.now()
  const clients = ports.map(connect)
  let lastAnswerMs = 0
  const results = await Promise.all(
    clients.map(async (client) => {
      const { outcome } = await client.poll()
      if (outcome.result === 'answered') lastAnswerMs = performance.now() - from
      return outcome.result
    }),
  )
  for (const client of clients) client.close()
  return { answered: results.filter((result) => result === 'answered').length, lastAnswerMs }
}

const now = (): number => performance.now()

await runBench('hung', async (scope) => {
  const { pid, ports } = await startServers(scope)
  const expected = COUNT - HUNG
  const check = (answered: number): void => {
    if (answered !== expected) throw new Error(`${answered} of ${COUNT} answered, not ${expected}`)
  }
  const lastAnswers: Record<string, number[]> = {}
  const note = async (name: string, run: ReturnType<typeof ourWay>): Promise<void> => {
    const { answered, lastAnswerMs } = await run
    check(answered)
    lastAnswers[name] = [...(lastAnswers[name] ?? []), lastAnswerMs]
  }
  /** The same client with a different concurrency limit than the product's, to show the cost of the limit. */
  const bounded = (most: number) => (): Promise<void> => {
    const limit = createLimit(most)
    return note(
      `ours, ${most} at once`,
      ourWay(ports, (port) => createDashboard({ target: targetAt(port), now, limit })),
    )
  }
  const times = await alternate(
    {
      'one after another': async () => check(await plainWay(pid, ports)),
      ours: () => {
        const dashboards = createDashboards({ now })
        return note(
          'ours',
          ourWay(ports, (port) => dashboards.connect(targetAt(port))),
        )
      },
      'ours, 8 at once': bounded(8),
      'ours, 16 at once': bounded(16),
    },
    ROUNDS,
    { warmUps: 0 },
  )
  const plain = median(times['one after another'])
  console.log(`## ${COUNT} dashboards, ${HUNG} of them hung, median of ${ROUNDS} alternating rounds`)
  printTable(
    ['way', 'all judged, ms', 'times faster', 'last answer, ms'],
    Object.entries(times).map(([name, values]) => [
      name,
      figure(median(values)),
      ratio(plain, median(values)),
      figure(median(lastAnswers[name] ?? [])),
    ]),
  )
})
