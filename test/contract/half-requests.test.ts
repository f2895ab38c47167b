// Hundreds of connections with half a request, of any user of this machine: ours are answered all the same, and a backend that does
// not answer is named.
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

/** The status of one valid request on a connection of its own; 0: it was not answered. */
function statusOf(port: number, token: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` }
    const path = routes.instances.path
    const signal = AbortSignal.timeout(2_000)
    request({ host: '127.0.0.1', port, path, headers, agent: false, signal }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
      .once('error', () => resolve(0))
      .end()
  })
}

/** How long each of three connections lives whose headers do not come. */
const livesMs = (port: number): Promise<number[]> =>
  Promise.all(
    ['', 'GET / HT', `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow:`].map(
      (text) =>
        new Promise<number>((resolve) => {
          const since = performance.now()
          const socket = connect(port, '127.0.0.1', () => socket.write(text))
          // Each letter of a header that comes slowly is no excuse.
          const slow = setInterval(() => text.endsWith('Slow:') && socket.write('a'), 100)
          socket
            .on('error', () => undefined) // its end is what counts
            .on('close', () => {
              clearInterval(slow)
              resolve(performance.now() - since)
            })
            .resume()
        }),
    ),
  )

test('80 of 80 valid requests are answered while another holds 700 half-sent ones, which live 2 s', async () => {
  const backend = await startBackend(scope)
  const token = await backend.token()
  const stream = backend.stream()
  await stream.until(({ type }) => type === 'snapshot')
  const lives = livesMs(portOf(backend))
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
  for (const ms of await lives) expect(ms).toBeLessThan(2_500)
  // The stream of a page has lived through it.
  const before = stream.events.length
  await backend.call('sweep')
  expect(stream.events.slice(before).filter(({ type }) => type === 'hello')).toEqual([])
})

test('list says when the running backend does not answer', async () => {
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
