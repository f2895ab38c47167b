// Measures what the hub saves and costs: memory and processes of several clients on shared projects, the time to the first tools, and
// the time of a request. Peers in the same run: direct stdio, and those whose programs are named: MCP_PROXY (PyPI mcp-proxy) and
// SUPERGATEWAY (npm), to which clients connect by HTTP, and MCP_MUX (a multiplexer that is started like `connect`).
// Run: npm run build && MCP_PROXY=… SUPERGATEWAY=… npx tsx bench/hub.ts [requests] [start] [memory]
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { cliProgram } from '../test/helpers/backend.ts'
import { privateBytes, startTestHub } from '../test/helpers/hub.ts'
import { isAlive, markProcess, markTree } from '../test/helpers/processes.ts'
import { asker, type RawClient, sayHello, startRawClient } from '../test/helpers/raw-client.ts'
import { createScope, type Scope } from '../test/helpers/scope.ts'
import { serenaProgram } from '../test/helpers/serena.ts'
import { makeSerenaHome, makeTempFolder } from '../test/helpers/temp-home.ts'
import { pssOfTree } from '../test/helpers/tree-memory.ts'
import { waitUntil } from '../test/helpers/wait-until.ts'
import { alternate, figure, median, printTable, ratio, runBench, timeOf } from './measure.ts'

const FILES = 21
const ROUNDS = 7
const REQUESTS = 300
const MIB = 2 ** 20
const SETTLE_MS = 15_000
const REST_MS = 4_000

interface Place {
  scope: Scope
  serenaHome: string
  stateFolder: string
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function makePlace(scope: Scope): Promise<Place> {
  return { scope, serenaHome: await makeSerenaHome(scope), stateFolder: await makeTempFolder(scope, 'state') }
}

/** A project of a size for which a language server has something to do. */
async function makeProject(scope: Scope): Promise<string> {
  const folder = join(await makeTempFolder(scope, 'project'), 'shop')
  mkdirSync(join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }\n')
  writeFileSync(join(folder, 'package.json'), '{ "name": "shop", "version": "1.0.0" }\n')
  for (let i = 0; i < FILES; i++) {
    const before = i === 0 ? '' : `import { part${i - 1} } from './part${i - 1}'\n`
    const value = i === 0 ? '1' : `part${i - 1}() + 1`
    writeFileSync(
      join(folder, 'src', `part${i}.ts`),
      `${before}export const part${i} = (): number => ${value}\n`,
    )
  }
  execFileSync('git', ['init', '--quiet', folder])
  return folder
}

const serenaCommand = (project: string, context: string): [string, ...string[]] => [
  serenaProgram('2.1.0'),
  'start-mcp-server',
  ...[
    '--project',
    project,
    '--context',
    context,
    '--agent-interface',
    'tools',
    '--open-web-dashboard',
    'false',
  ],
]

const environment = ({ serenaHome, stateFolder }: Place): NodeJS.ProcessEnv => ({
  ...process.env,
  SERENA_HOME: serenaHome,
  SERENA_DECK_ONLY_HOMES: serenaHome,
  SERENA_DECK_STATE: stateFolder,
  SERENA_USAGE_REPORTING: 'false',
})

function openClient(
  place: Place,
  project: string,
  before: readonly string[],
  context = 'claude-code',
): RawClient {
  const [file = '', ...args] = [...before, ...serenaCommand(project, context)]
  const client = startRawClient(place.scope, [file, ...args], { cwd: project, env: environment(place) })
  sayHello(client)
  return client
}

const CONNECT = [process.execPath, cliProgram, 'connect', '--']
const OVERVIEW = { name: 'get_symbols_overview', arguments: { relative_path: 'src/part3.ts' } }

async function useTools(client: RawClient): Promise<void> {
  await client.answers([0])
  client.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: OVERVIEW })
  const text = (await client.answers([1])).get(1) ?? ''
  if (!text.includes('part3')) throw new Error(`not an overview: ${text.slice(0, 300)}`)
}

interface Footprint {
  processes: number
  bytes: number
}

/** Of these trees, together. */
const footprint = (pids: readonly number[]): Footprint => ({
  processes: pids.reduce((sum, pid) => sum + markTree(pid).length, 0),
  bytes: pids.reduce((sum, pid) => sum + pssOfTree(pid), 0),
})

async function ofClients(clients: readonly RawClient[], others: readonly number[] = []): Promise<Footprint> {
  for (const client of clients) await useTools(client)
  await sleep(SETTLE_MS)
  return footprint([...clients.map(({ mark }) => mark.pid), ...others])
}

/** Runs one way in a scope of its own, so that nothing of it is left for the next. */
async function inScope<Answer>(run: (place: Place) => Promise<Answer>): Promise<Answer> {
  const scope = createScope()
  try {
    return await run(await makePlace(scope))
  } finally {
    await scope.end()
  }
}

const direct = (count: number, projects: number, context?: string): Promise<Footprint> =>
  inScope(async (place) => {
    const folders = await makeProjects(place.scope, projects)
    return ofClients(clientsOf(count, (i) => openClient(place, folders[i % projects] ?? '', [], context)))
  })

const shared = (
  count: number,
  projects: number,
  context?: string,
): Promise<Footprint & { hub: number; connect: number }> =>
  inScope(async (place) => {
    const folders = await makeProjects(place.scope, projects)
    const hub = await startTestHub(place.scope, { stateFolder: place.stateFolder })
    const clients = clientsOf(count, (i) => openClient(place, folders[i % projects] ?? '', CONNECT, context))
    const all = await ofClients(clients, [hub.mark.pid])
    const connects = clients.map(({ mark }) => privateBytes(mark.pid))
    return { ...all, hub: privateBytes(hub.mark.pid), connect: median(connects) }
  })

const makeProjects = (scope: Scope, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => makeProject(scope)))
const clientsOf = <One>(count: number, open: (at: number) => One): One[] =>
  Array.from({ length: count }, (_, at) => open(at))

/** A multiplexer that is started like `connect`; its daemon is found by the processes that have appeared. */
const muxed = (mux: string, count: number): Promise<Footprint> =>
  inScope(async (place) => {
    const [folder = ''] = await makeProjects(place.scope, 1)
    const before = new Set(execFileSync('pgrep', ['.'], { encoding: 'utf8' }).split('\n'))
    const clients = clientsOf(count, () => openClient(place, folder, [mux]))
    for (const client of clients) await useTools(client)
    await sleep(SETTLE_MS)
    const new_ = execFileSync('pgrep', ['.'], { encoding: 'utf8' })
      .split('\n')
      .filter((pid) => pid && !before.has(pid))
    return { processes: new_.length, bytes: new_.reduce((sum, pid) => sum + ownPss(Number(pid)), 0) }
  })

function ownPss(pid: number): number {
  try {
    return (
      pssOfTree(pid) -
      markTree(pid)
        .slice(1)
        .reduce((sum, one) => sum + pssOfTree(one.pid), 0)
    )
  } catch {
    // It has exited.
    return 0
  }
}

/** A bridge to HTTP; its clients connect by URL and have no process of their own. */
const bridged = (
  command: (port: number, serena: readonly string[]) => [string, ...string[]],
  count: number,
): Promise<Footprint> =>
  inScope(async (place) => {
    const [folder = ''] = await makeProjects(place.scope, 1)
    const port = await freePort()
    const bridge = startRawClient(place.scope, command(port, serenaCommand(folder, 'claude-code')), {
      cwd: folder,
      env: environment(place),
    })
    const url = new URL(`http://127.0.0.1:${port}/mcp`)
    for (let i = 0; i < count; i++) {
      const client = new Client({ name: `client-${i}`, version: '1.0.0' })
      await waitUntil(
        'the bridge',
        () => client.connect(new StreamableHTTPClientTransport(url)).then(() => true),
        {
          timeoutMs: 60_000,
          everyMs: 500,
        },
      )
      place.scope.add(() => client.close())
      await client.callTool(OVERVIEW)
    }
    await sleep(SETTLE_MS)
    return footprint([bridge.mark.pid])
  })

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

function memoryRows(rows: readonly (readonly [name: string, Footprint])[]): void {
  const base = rows[0]?.[1].bytes ?? Number.NaN
  printTable(
    ['clients', 'processes', 'PSS MiB', 'of direct'],
    rows.map(([name, { processes, bytes }]) => [
      name,
      String(processes),
      figure(bytes / MIB),
      `${figure(bytes / base)}×`,
    ]),
  )
}

async function measureMemory(): Promise<void> {
  const four = await shared(4, 1)
  const rows: (readonly [string, Footprint])[] = [
    ['4 on one project, direct', await direct(4, 1)],
    ['the same, hub', four],
  ]
  const { MCP_PROXY: proxy, SUPERGATEWAY: gateway, MCP_MUX: mux } = process.env
  if (proxy)
    rows.push([
      'the same, mcp-proxy (HTTP)',
      await bridged(
        (port, serena) => [proxy, '--pass-environment', '--port', String(port), '--', ...serena],
        4,
      ),
    ])
  if (gateway) {
    const words = (port: number, serena: readonly string[]): [string, ...string[]] => [
      process.execPath,
      gateway,
      ...[
        '--stdio',
        serena.map((word) => `'${word}'`).join(' '),
        '--outputTransport',
        'streamableHttp',
        '--stateful',
      ],
      ...['--port', String(port), '--logLevel', 'none'],
    ]
    rows.push(['the same, supergateway (HTTP)', await bridged(words, 4)])
  }
  if (mux) rows.push(['the same, MCP_MUX', await muxed(mux, 4)])
  memoryRows(rows)
  memoryRows([
    ['10 on three projects, direct', await direct(10, 3)],
    ['the same, hub', await shared(10, 3)],
  ])
  for (const context of ['desktop-app', 'codex'])
    memoryRows([
      [`4 on one project, ${context}, direct`, await direct(4, 1, context)],
      ['the same, hub', await shared(4, 1, context)],
    ])
  const ten = await shared(10, 1)
  printTable(
    ['private memory', 'MiB'],
    [
      ['connect', figure(ten.connect / MIB)],
      ['hub with 10 clients', figure(ten.hub / MIB)],
    ],
  )
}

/** From the start of a client to its tools. */
async function firstTools(client: RawClient): Promise<void> {
  await answered(client, 0)
  client.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  await answered(client, 1)
  client.child.stdin?.end()
}

/** Resolves with the chunk that completes the answer, without a poll. */
function answered({ child, lines }: RawClient, id: number): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!lines().some((line) => line.includes(`"id":${id},`))) return
      child.stdout?.off('data', check)
      resolve()
    }
    child.stdout?.on('data', check)
    check()
  })
}

async function measureStart(scope: Scope): Promise<void> {
  const place = await makePlace(scope)
  const project = await makeProject(scope)
  const cold = await makePlace(scope)
  const warm = openClient(place, project, CONNECT)
  await useTools(warm)
  const first = openClient(cold, project, CONNECT)
  await useTools(first)
  const endHub = (): Promise<void> => stopHub(cold)
  await endHub()
  // The Serena of a run needs both cores to start, and some time to end: the next run would wait for it.
  const timeAtRest: typeof timeOf = async (run) => {
    const ms = await timeOf(run)
    await endHub()
    await sleep(REST_MS)
    return ms
  }
  const times = await alternate(
    {
      node: () => startRawClient(scope, [process.execPath, '-e', ''], { cwd: '/', env: process.env }).ended,
      direct: () => firstTools(openClient(place, project, [])),
      warm: () => firstTools(openClient(place, project, CONNECT)),
      cold: () => firstTools(openClient(cold, project, CONNECT)),
    },
    ROUNDS,
    { beforeRound: endHub, measure: timeAtRest },
  )
  await endHub()
  await stopHub(place)
  printTable(
    ['start to tools', 'p50 ms', 'of direct'],
    (['node', 'direct', 'warm', 'cold'] as const).map((name) => [
      { node: 'Node alone', direct: 'direct', warm: 'running hub', cold: 'no hub, kept copy' }[name],
      figure(median(times[name])),
      `${figure(median(times[name]) / median(times.direct))}×`,
    ]),
  )
}

/** Ends the hub with its Serenas, if there is one: its lock is free afterwards. */
async function stopHub(place: Place): Promise<void> {
  const run = (...words: string[]): string =>
    spawnSync(process.execPath, [cliProgram, 'hub', ...words], { env: environment(place), encoding: 'utf8' })
      .stdout
  const pid = Number(/"pid":(\d+)/.exec(run('status', '--json'))?.[1])
  const hub = pid > 0 ? markProcess(pid) : null
  run('stop', '--yes')
  if (hub !== null) await waitUntil('the hub to end', () => !isAlive(hub))
}

async function measureRequests(scope: Scope): Promise<void> {
  const place = await makePlace(scope)
  const project = await makeProject(scope)
  const [stdio, hub] = [openClient(place, project, []), openClient(place, project, CONNECT)]
  for (const client of [stdio, hub]) await useTools(client)
  const ways = {
    'ping, direct': asker(stdio, 'ping'),
    'ping, hub (it answers itself)': asker(hub, 'ping'),
    'prompts/list, direct': asker(stdio, 'prompts/list'),
    'prompts/list, hub': asker(hub, 'prompts/list'),
  }
  const times = await alternate(ways, REQUESTS, { warmUps: 30 })
  printTable(
    ['a request', 'p50 ms', 'peer / ours'],
    Object.entries(times).map(([name, all]) => {
      const peer = name.startsWith('ping') ? times['ping, direct'] : times['prompts/list, direct']
      return [name, figure(median(all)), ratio(median(peer), median(all))]
    }),
  )
  await stopHub(place)
}

const PARTS: Record<string, (scope: Scope) => Promise<void>> = {
  requests: measureRequests,
  start: measureStart,
  memory: measureMemory,
}
const chosen = process.argv.slice(2)

await runBench('hub', async (scope) => {
  for (const [name, measure] of Object.entries(PARTS))
    if (chosen.length === 0 || chosen.includes(name)) await measure(scope)
})
