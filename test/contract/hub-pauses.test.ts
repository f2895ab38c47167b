// Processes that are stopped and continued, as by a machine that sleeps: the connection stays, and every call is answered once.
import { expect, test } from 'vitest'
import { connectProgram } from '../helpers/hub.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import { markProcess, type ProcessMark, stopFor } from '../helpers/processes.ts'
import { type RawClient, sayHello, startRawClient } from '../helpers/raw-client.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
/** Longer than what the hub waits before it ends what has no clients. */
const PAUSE_MS = 4_000
const TIMES = { hubSeconds: 1, serenaSeconds: 1 }
/** A client that can be stopped: it starts its server with pipes, and passes on what it reads. */
const CLIENT = `const [file, ...args] = process.argv.slice(1)
const server = require('node:child_process').spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
process.stdin.pipe(server.stdin)
server.stdout.pipe(process.stdout)
server.on('exit', (code) => process.exit(code ?? 1))`

const call = (id: number, text: string, gate?: string): object => ({
  ...{ jsonrpc: '2.0', id, method: 'tools/call' },
  params: { name: 'write', arguments: { text, ...(gate && { gate }) } },
})

/** A client behind a `connect` of the hub. */
function startClient({ hub, start, project }: HubStage): RawClient {
  const server = [process.execPath, connectProgram, '--', ...start.command]
  return startRawClient(scope, [process.execPath, '-e', CLIENT, '--', ...server], {
    cwd: project,
    env: { ...start.env, SERENA_DECK_STATE: hub.stateFolder },
  })
}

function marked(pid: number | null | undefined): ProcessMark {
  const mark = markProcess(pid ?? 0)
  if (mark === null) throw new Error(`no process ${pid ?? ''}`)
  return mark
}

test.each(['client', 'connect', 'hub', 'Serena', 'all'] as const)(
  'after a pause of the processes (%s) a running call and the next one are answered',
  async (which) => {
    const stage = await startHubStage(scope, TIMES)
    const client = startClient(stage)
    sayHello(client)
    client.send(call(1, 'first'))
    await client.answers([1])
    client.send(call(2, 'running', 'end'))
    await stage.serena.gets('running')
    const { pid, clients } = await stage.hub.serena()
    const marks = {
      client: client.mark,
      connect: marked(clients[0]?.pid),
      hub: stage.hub.mark,
      Serena: marked(pid),
    }
    await stopFor(which === 'all' ? Object.values(marks) : [marks[which]], PAUSE_MS)
    stage.serena.open('end')
    client.send(call(3, 'next'))
    const answers = await client.answers([2, 3], 20_000)
    expect(answers.get(2)).toContain('"text":"running"')
    expect(answers.get(3)).toContain('"text":"next"')
    expect(stage.serena.executed()).toEqual(['write first', 'write running', 'write next'])
    expect(stage.serena.starts()).toHaveLength(1)
    expect((await stage.hub.serena()).clients.map((one) => one.pid)).toEqual([marks.connect.pid])
    expect(client.errors()).toBe('')
  },
)

test('a client that starts while the hub is stopped waits for it, and starts no other', async () => {
  const stage = await startHubStage(scope)
  const pause = stopFor([stage.hub.mark], PAUSE_MS)
  const client = startClient(stage)
  sayHello(client)
  client.send(call(1, 'first'))
  await pause
  expect((await client.answers([1], 20_000)).get(1)).toContain('"text":"first"')
  expect((await stage.hub.status()).pid).toBe(stage.hub.mark.pid)
  expect(client.errors()).toBe('')
})
