// Measures the cost of `wrap`: the time of a ping with it, without it and with a minimal Node pipe, and its memory compared with an
// idle Node. Run: npm run build && npx tsx bench/wrap.ts
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cliProgram } from '../test/helpers/backend.ts'
import { markTree } from '../test/helpers/processes.ts'
import { asker, type RawClient, sayHello, startRawClient } from '../test/helpers/raw-client.ts'
import type { Scope } from '../test/helpers/scope.ts'
import { serenaProgram } from '../test/helpers/serena.ts'
import { makeSerenaHome, makeTempFolder } from '../test/helpers/temp-home.ts'
import { alternate, figure, median, printTable, ratio, runBench } from './measure.ts'

const PINGS = 600
const SETTLE_MS = 20_000

/** The minimal wrapper: two pipes and no monitoring. */
const PLAIN_PIPE = `
  const child = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] })
  process.stdin.pipe(child.stdin); child.stdout.pipe(process.stdout); child.on('exit', (code) => process.exit(code))`

async function start(scope: Scope, before: readonly string[]): Promise<RawClient> {
  const serenaHome = await makeSerenaHome(scope)
  const project = join(await makeTempFolder(scope, 'project'), 'shop')
  await mkdir(project, { recursive: true })
  execFileSync('git', ['init', '--quiet', project])
  const serena = [
    serenaProgram('2.1.0'),
    'start-mcp-server',
    '--project',
    project,
    '--open-web-dashboard',
    'false',
  ]
  const [file = '', ...args] = [...before, ...serena]
  const client = startRawClient(scope, [file, ...args], {
    cwd: project,
    env: {
      ...process.env,
      SERENA_HOME: serenaHome,
      SERENA_DECK_ONLY_HOMES: serenaHome,
      SERENA_DECK_STATE: await makeTempFolder(scope, 'state'),
      SERENA_USAGE_REPORTING: 'false',
    },
  })
  sayHello(client)
  await client.answers([0])
  return client
}

/** Returns the private memory, in MiB. */
function privateMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0)
  return (kib('Private_Clean') + kib('Private_Dirty')) / 1024
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN

await runBench('wrap', async (scope) => {
  const direct = await start(scope, [])
  const plain = await start(scope, [process.execPath, '-e', PLAIN_PIPE])
  const ours = await start(scope, [process.execPath, cliProgram, 'wrap', '--'])
  const idle = startRawClient(scope, [process.execPath, '-e', 'setInterval(() => {}, 1e6)'], {
    cwd: '/',
    env: process.env,
  })
  const pings = await alternate(
    { direct: asker(direct, 'ping'), plain: asker(plain, 'ping'), ours: asker(ours, 'ping') },
    PINGS,
    {
      warmUps: 50,
    },
  )
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  const p50 = median(pings.direct)
  printTable(
    ['a ping', 'p50 ms', 'p99 ms', 'added to p50, ms', 'of direct'],
    (['direct', 'plain', 'ours'] as const).map((name) => [
      name === 'plain' ? 'minimal Node pipe' : name === 'ours' ? 'wrap' : name,
      figure(median(pings[name])),
      figure(percentile(pings[name], 0.99)),
      figure(median(pings[name]) - p50),
      ratio(median(pings[name]), p50),
    ]),
  )
  const memory = {
    idle: privateMiB(idle.mark.pid),
    plain: privateMiB(plain.mark.pid),
    ours: privateMiB(ours.mark.pid),
  }
  printTable(
    ['private memory', 'MiB', 'of idle'],
    [
      ['idle Node', figure(memory.idle), ratio(memory.idle, memory.idle)],
      ['minimal Node pipe', figure(memory.plain), ratio(memory.plain, memory.idle)],
      ['wrap', figure(memory.ours), ratio(memory.ours, memory.idle)],
    ],
  )
  process.stdout.write(`processes below wrap: ${markTree(ours.mark.pid).length - 1}\n`)
})
