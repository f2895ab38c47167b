// Hundreds of connections with incomplete requests from any user of this machine: our requests are still answered, and a backend
// that does not answer is reported.
import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { routes } from '#contract/routes'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { HALF_REQUESTS, startHalfRequests } from '../helpers/half-requests.ts'
import { signalProcess } from '../helpers/processes.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const portOf = ({ url }: TestBackend): number => Number(new URL(url).port)

/** Returns the status of one valid request on its own connection; 0: no answer. */
function statusOf(port: number, token: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` }
    const path = routes.instances.path
    const signal = AbortSignal.timeout(20_000)
    request({ host: '127.0.0.1', port, path, headers, agent: false, signal }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
      .once('error', () => resolve(0))
      .end()
  })
}

/** Returns how long each of three connections without complete headers stays open, in ms. */
const durationsMs = (port: number): Promise<number[]> =>
  Promise.all(
    ['', 'GET / HT', `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow:`].map(
      (text) =>
        new Promise<number>((resolve) => {
          const since = performance.now()
          const socket = connect(port, '127.0.0.1', () => socket.write(text))
          // A slow header does not extend the time limit.
          const slow = setInterval(() => text.endsWith('Slow:') && socket.write('a'), 100)
          socket
            .on('error', () => undefined) // only the close counts
            .on('close', () => {
              clearInterval(slow)
              resolve(performance.now() - since)
            })
            .resume()
        }),
    ),
  )

test('answers 80 of 80 requests beside 700 incomplete ones, which are closed after 4 s', async () => {
  const backend = await startBackend(scope)
  const token = await backend.token()
  const stream = backend.stream()
  await stream.until(({ type }) => type === 'snapshot')
  const durations = durationsMs(portOf(backend))
  const answered: [string, number][] = []
  for (const kind of Object.keys(HALF_REQUESTS) as (keyof typeof HALF_REQUESTS)[]) {
    const attack = await startHalfRequests(scope, { port: portOf(backend), kind })
    let count = 0
    for (let i = 0; i < 80; i++) if ((await statusOf(portOf(backend), token)) === 200) count++
    answered.push([kind, count])
    if (kind === 'half a line') {
      const { code, stderr } = await runCli(['list'], { env: backend.env })
      expect([code, stderr]).toEqual([0, ''])
    }
    await attack.close()
  }
  expect(answered).toEqual(Object.keys(HALF_REQUESTS).map((kind) => [kind, 80]))
  for (const ms of await durations) expect(ms).toBeLessThan(10_000)
  // The event stream of a page is still open.
  const before = stream.events.length
  await backend.call('sweep')
  expect(stream.events.slice(before).filter(({ type }) => type === 'hello')).toEqual([])
})

test('list reports a backend that does not answer', async () => {
  const backend = await startBackend(scope)
  const { mark } = backend.program
  signalProcess(mark, 'SIGSTOP')
  const stopped = await runCli(['list', '--json'], { env: backend.env })
  signalProcess(mark, 'SIGCONT')
  expect(stopped.stderr).toContain(`The running Serena Deck (process ${backend.pid}) does not answer`)
  expect(stopped.code).toBe(0)
  expect(JSON.parse(stopped.stdout)).toMatchObject({ instances: [] })
  signalProcess(mark, 'SIGKILL')
  await backend.program.close()
  const gone = await runCli(['list'], { env: backend.env })
  expect([gone.code, gone.stderr]).toEqual([0, ''])
})
