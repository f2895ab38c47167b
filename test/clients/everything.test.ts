// One script against the official server with every feature of the protocol, directly and through `connect` and the hub: equal
// transcripts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connectProgram, startTestHub } from '../helpers/hub.ts'
import { startRawClient } from '../helpers/raw-client.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const server = join(
  projectRoot,
  '.cache/clients/node_modules/@modelcontextprotocol/server-everything/dist/index.js',
)

type Message = Record<string, unknown>
type Step = readonly [method: string, params?: object]

const call = (name: string, args: object = {}, progressToken?: string | number): Step => [
  'tools/call',
  { name, arguments: args, ...(progressToken !== undefined && { _meta: { progressToken } }) },
]
const capabilities = { roots: { listChanged: true }, sampling: {}, elicitation: {} }
const STEPS: readonly Step[] = [
  ['initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'raw', version: '1' } }],
  ['ping'],
  ['tools/list'],
  ['prompts/list'],
  ['resources/list'],
  ['resources/templates/list'],
  call('echo', { message: 'größe 🍏 \u2028' }),
  call('echo', { message: 5 }),
  call('echo'),
  call('no-such-tool', {}),
  call('get-sum', { a: 1, b: 2 }),
  call('get-tiny-image'),
  call('get-structured-content', { location: 'Chicago' }),
  call('get-annotated-message', { messageType: 'error', includeImage: true }),
  call('get-resource-links', { count: 3 }),
  call('trigger-long-running-operation', { duration: 0.5, steps: 3 }, 'token'),
  call('trigger-long-running-operation', { duration: 0.2, steps: 2 }, 7),
  call('trigger-sampling-request', { prompt: 'Hello', maxTokens: 10 }),
  call('trigger-elicitation-request'),
  call('get-roots-list'),
  ['prompts/get', { name: 'simple-prompt' }],
  ['prompts/get', { name: 'args-prompt', arguments: { city: 'Ulm' } }],
  ['prompts/get', { name: 'no-such-prompt' }],
  ['resources/read', { uri: 'demo://resource/dynamic/text/1' }],
  ['resources/read', { uri: 'demo://no-such-resource' }],
  ['resources/subscribe', { uri: 'demo://resource/dynamic/text/1' }],
  ['resources/unsubscribe', { uri: 'demo://resource/dynamic/text/1' }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'completable-prompt' }, argument: { name: 'department', value: 'E' } },
  ],
  ['logging/setLevel', { level: 'error' }],
  ['logging/setLevel', { level: 'no-such-level' }],
  ['no/such/method'],
  ['tools/call', { name: 5 }],
]

/** What a client answers to a request of the server. */
const ANSWERS: Readonly<Record<string, object>> = {
  'roots/list': { roots: [{ uri: 'file:///tmp', name: 'tmp' }] },
  'sampling/createMessage': { role: 'assistant', content: { type: 'text', text: 'sampled' }, model: 'm' },
  'elicitation/create': { action: 'accept', content: { name: 'n', check: true } },
  ping: {},
}

/** Runs the script; returns what was received in each step. */
async function transcript(command: readonly [string, ...string[]], stateFolder: string): Promise<string[][]> {
  const cwd = await makeTempFolder(scope, 'client')
  const env = { PATH: process.env['PATH'], HOME: cwd, SERENA_HOME: cwd, SERENA_DECK_STATE: stateFolder }
  const client = startRawClient(scope, command, { cwd, env })
  const steps: string[][] = []
  let from = 0
  let answered = 0
  const received = (): Message[] => client.lines().map((line) => JSON.parse(line) as Message)
  const answerRequests = (): void => {
    for (const { id, method } of received().slice(answered))
      if (typeof method === 'string' && id !== undefined)
        client.send({ jsonrpc: '2.0', id, result: ANSWERS[method] ?? {} })
    answered = received().length
  }
  for (const [id, [method, params]] of STEPS.entries()) {
    client.send({ jsonrpc: '2.0', id, method, ...(params && { params }) })
    await waitUntil(
      `the answer to step ${id}, ${method}`,
      () => {
        answerRequests()
        return received().some((one) => one['id'] === id && one['method'] === undefined)
      },
      { timeoutMs: 30_000, everyMs: 20 },
    )
    if (method === 'initialize') client.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    if (method === 'ping')
      // It changes its tools when it knows the client's capabilities.
      await waitUntil('its request for roots', () => {
        answerRequests()
        return received().some((one) => one['method'] === 'roots/list')
      })
    const lines = client.lines().slice(from)
    from += lines.length
    steps.push(lines)
  }
  client.child.stdin?.end()
  await client.ended
  return steps
}

/** The hub answers a ping by itself, with its keys in another order. */
const PONG = '{"result":{},"jsonrpc":"2.0","id":1}'
const OWN_PONG = '{"jsonrpc":"2.0","id":1,"result":{}}'

/** Without the ids of requests of the server, and what says the time. */
const normal = (steps: readonly (readonly string[])[]): string[] =>
  steps.flat().map((line) => {
    if (line === OWN_PONG) return PONG
    const message = JSON.parse(line) as Message
    if (message['method'] === undefined)
      return line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d{1,2}:\d\d:\d\d( [AP]M)?/g, 'TIME')
    return JSON.stringify({ ...message, ...(message['id'] !== undefined && { id: 'of the server' }) })
  })

describe.skipIf(!existsSync(server))('@modelcontextprotocol/server-everything', () => {
  test('answers the same through the hub', async () => {
    const { stateFolder } = await startTestHub(scope)
    const command = [process.execPath, server, 'stdio'] as const
    const direct = await transcript(command, stateFolder)
    const through = await transcript([process.execPath, connectProgram, '--', ...command], stateFolder)
    expect(normal(through).toSorted()).toEqual(normal(direct).toSorted())
    expect(direct.flat().length).toBeGreaterThan(STEPS.length + 6)
  })
})
